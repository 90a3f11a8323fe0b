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

# finds_nothing COMMAND...: succeeds if the command, which ends as grep does,
# worked and printed nothing.  What cannot be read is no proof: errors that it
# prints count as found, since in a pipe its status is lost.
finds_nothing() {
	status=0
	found=$("$@" 2>&1) || status=$?
	if [ -n "$found" ]; then
		echo "$found"
		return 1
	fi
	[ "$status" -le 1 ] || { echo "$1 ended with status $status"; return 1; }
}

# lend_host_tool BUILT OUT: a build in the new folder OUT need not compile its own
lend_host_tool() {
	mkdir -p "$2" && cp -a "$1/table" "$1/host" "$1/.pith" "$2/"
}
