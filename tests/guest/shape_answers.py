"""All answers of all shapes: what was asked of each, how, and what it said.

The questions of all claims are put in one go: to the service as it was
started, by `pith exec`, and to its next run.
"""
import shlex

import questions as batch
from board import CGROUP, PROBE_PORT
from claims import Failure
from shapes import Shapes

MANNERS = ("asked", "by pith exec", "after a restart")

QUESTIONS = "/run/questions"


def _connect(board, shape):
    """The command that carries a shape's questions in and its answers out."""
    port = shlex.split(shape.options.get("ENV", f"PORT={PROBE_PORT}"))[0].split("=")[1]
    if shape.net == "host":
        return f"nc -w 10 127.0.0.1 {port}"
    if shape.net == "none":
        return (f"nsenter -t $(head -n1 {CGROUP}/svc/{shape.name}/cgroup.procs) -n "
                f"nc -w 10 127.0.0.1 {port}")
    return f"nc -w 10 {board.address(shape.name)} {port}"


def _ask(board, shape, all_questions, questions, manner):
    """One command to the board."""
    others = [f"-e {number}d" for number, question in enumerate(all_questions, 1)
              if question not in questions]
    select = f"sed {' '.join(others)} {QUESTIONS}" if others else f"cat {QUESTIONS}"
    ask = (f"{select} | pith exec -T {shape.name} /probe run many" if manner == "by pith exec" else
           f"{{ echo many; {select}; }} | {_connect(board, shape)}")
    text = batch.ask(board, ask, f"{shape.name}, {manner}")
    if "? " not in text:
        text += board.run(f"pith why {shape.name}")[1]
    return batch.parse(text, questions, f"{shape.name}, {manner}")


class Answers:
    """Of a board whose services are the shapes."""

    def __init__(self, board, questions_of):
        """questions_of(shape): what that one is to be asked."""
        self._replies = {}
        of = {shape.name: questions_of(shape) for shape in Shapes.ALL}
        everything = list(dict.fromkeys(sum(of.values(), [])))
        batch.write(board, QUESTIONS, everything)
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
