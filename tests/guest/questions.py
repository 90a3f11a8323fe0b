"""Many questions to a probe in one go, and its answers: over a slow console, each alone
would take far longer.
"""
import base64
import gzip
import re

from claims import Failure, expect

ANSWERS = "/run/answers"

# A tenth of a second and a question each.
TRIES = 30

# In one line to the debug shell: a terminal takes 4,096 bytes, and each is quoted twice.
CHUNK = 40


class Reply:
    """The probe's answer to one of many questions."""

    def __init__(self, text):
        self.status, _, self.text = text.partition("\n")
        killed = re.search(r"^killed by (\d+)$", text, re.M)
        if killed:
            self.status = f"killed by {killed[1]}"

    def __str__(self):
        return "\n".join([self.status, self.text[:300]]).strip() or "(nothing)"

    @property
    def lines(self):
        return self.text.splitlines()

    def values(self, key):
        """The rests of all `key …` lines."""
        return [line[len(key) + 1:] for line in self.lines if line.startswith(key + " ")]

    def field(self, name):
        """The words after `name:` in a file of /proc."""
        match = re.search(rf"^(?:status )?{name}:[ \t]*(.*)$", self.text, re.M)
        expect(match, f"no {name} in {self.text[:300]!r}")
        return match[1].split()


def parse(text, asked, who):
    """{question: reply}, of which none may be missing."""
    parts = re.split(r"^\? (.*)\n", text, flags=re.M)
    replies = {question: Reply(said) for question, said in zip(parts[1::2], parts[2::2])}
    missing = [question for question in asked if question not in replies]
    expect(not missing, f"{who}: no answer to {missing[:3]}", f"it said: {text[-400:]}")
    return replies


def write(board, path, questions):
    """All of them, one a line; an empty one is the last."""
    board.output(f": >{path}")
    for start in range(0, len(questions), CHUNK):
        words = " ".join(f"'{question}'" for question in questions[start:start + CHUNK])
        board.output(f"printf '%s\\n' {words} >>{path}")
    board.output(f"echo >>{path}")
    expect(int(board.output(f"wc -l <{path}")) == len(questions) + 1, "not all were written")


def ask(board, command, who):
    """What the board's command brings out of a probe: one that is just starting is asked
    until it listens, and what is said comes compressed."""
    _, packed = board.run(f"i=0; while {{ {command}; }} >{ANSWERS} 2>&1; ! grep -q '^?' {ANSWERS}; do "
                          f"i=$((i+1)); [ $i -lt {TRIES} ] || break; sleep 0.1; done; "
                          f"gzip <{ANSWERS} | base64", timeout=60)
    try:
        return gzip.decompress(base64.b64decode(packed)).decode(errors="replace")
    except (OSError, ValueError) as error:
        raise Failure(f"{who}: {error}: {packed[:300]}") from error
