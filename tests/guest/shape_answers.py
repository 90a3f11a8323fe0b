"""All answers of all shapes: what was asked of each, how, and what it said.

The questions of all claims are put in one go: to the service as it was
started, by `pith exec`, and to its next run.
"""
import base64
import gzip
import re
import shlex

from board import CGROUP, PROBE_PORT
from claims import Failure, expect
from shapes import Shapes

MANNERS = ("asked", "by pith exec", "after a restart")

QUESTIONS = "/run/questions"
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


def _parse(text, asked, who):
    """{question: reply}, of which none may be missing."""
    parts = re.split(r"^\? (.*)\n", text, flags=re.M)
    replies = {question: Reply(said) for question, said in zip(parts[1::2], parts[2::2])}
    missing = [question for question in asked if question not in replies]
    expect(not missing, f"{who}: no answer to {missing[:3]}", f"it said: {text[-400:]}")
    return replies


def _connect(board, shape):
    """The command that carries a shape's questions in and its answers out."""
    port = shlex.split(shape.options.get("ENV", f"PORT={PROBE_PORT}"))[0].split("=")[1]
    if shape.net == "host":
        return f"nc -w 10 127.0.0.1 {port}"
    if shape.net == "none":
        return (f"nsenter -t $(head -n1 {CGROUP}/svc/{shape.name}/cgroup.procs) -n "
                f"nc -w 10 127.0.0.1 {port}")
    return f"nc -w 10 {board.address(shape.name)} {port}"


def _write(board, questions):
    """All of them, one a line; an empty one is the last."""
    board.output(f": >{QUESTIONS}")
    for start in range(0, len(questions), CHUNK):
        words = " ".join(f"'{question}'" for question in questions[start:start + CHUNK])
        board.output(f"printf '%s\\n' {words} >>{QUESTIONS}")
    board.output(f"echo >>{QUESTIONS}")
    expect(int(board.output(f"wc -l <{QUESTIONS}")) == len(questions) + 1, "not all were written")


def _ask(board, shape, all_questions, questions, manner):
    """One command to the board: a service that is just starting is asked until it listens,
    and since the console is slow, what is said comes compressed."""
    others = [f"-e {number}d" for number, question in enumerate(all_questions, 1)
              if question not in questions]
    select = f"sed {' '.join(others)} {QUESTIONS}" if others else f"cat {QUESTIONS}"
    ask = (f"{select} | pith exec -T {shape.name} /probe run many" if manner == "by pith exec" else
           f"{{ echo many; {select}; }} | {_connect(board, shape)}")
    _, packed = board.run(f"i=0; while {{ {ask}; }} >{ANSWERS} 2>&1; ! grep -q '^?' {ANSWERS}; do "
                          f"i=$((i+1)); [ $i -lt {TRIES} ] || break; sleep 0.1; done; "
                          f"gzip <{ANSWERS} | base64", timeout=60)
    try:
        text = gzip.decompress(base64.b64decode(packed)).decode(errors="replace")
    except (OSError, ValueError) as error:
        raise Failure(f"{shape.name}, {manner}: {error}: {packed[:300]}") from error
    if "? " not in text:
        text += board.run(f"pith why {shape.name}")[1]
    return _parse(text, questions, f"{shape.name}, {manner}")


class Answers:
    """Of a board whose services are the shapes."""

    def __init__(self, board, questions_of):
        """questions_of(shape): what that one is to be asked."""
        self._replies = {}
        of = {shape.name: questions_of(shape) for shape in Shapes.ALL}
        everything = list(dict.fromkeys(sum(of.values(), [])))
        _write(board, everything)
        for manner in MANNERS:
            if manner == "after a restart":
                names = " ".join(shape.name for shape in Shapes.ALL)
                board.run(f"for name in {names}; do pith restart $name; done", timeout=120)
            for shape in Shapes.ALL:
                if isinstance(self._replies.get((shape.name, MANNERS[0])), str):
                    self._replies[shape.name, manner] = f"{shape.name}, {manner}: not asked any more"
                    continue
                try:
                    replies = _ask(board, shape, everything, of[shape.name], manner)
                except Failure as failure:      # the others still answer for themselves
                    replies = str(failure)
                self._replies[shape.name, manner] = replies

    def silent(self):
        """Why some gave no answers."""
        return [replies for replies in self._replies.values() if isinstance(replies, str)]

    def get(self, shape, manner, question):
        replies = self._replies[shape.name, manner]
        if isinstance(replies, str):
            raise Failure("no answer at all")
        return replies[question]
