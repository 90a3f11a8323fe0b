# Sourced by the checks: one line per claim, and the status at the end.

failed=0

# claim TEXT COMMAND...: holds if the command succeeds; else its output follows
claim() {
	text=$1
	shift
	if output=$("$@" 2>&1); then
		echo "ok - $text"
	else
		echo "not ok - $text"
		[ -z "$output" ] || echo "$output" | sed 's/^/  /'
		failed=1
	fi
}

# finds_nothing COMMAND...: succeeds if the command prints nothing
finds_nothing() {
	found=$("$@") || :
	[ -z "$found" ] || { echo "$found"; return 1; }
}
