"""What a service may see and do, in every shape that the table can give it.

All shapes are asked all that shape_*.py has on the list: as they were started, by
`pith exec`, and after a restart.
"""
import re

# They put their checks on the list.
import shape_kernel
import shape_process
import shape_view
from claims import Failure, claim, expect
from shape_answers import MANNERS, Answers
from shape_checks import CHECKS
from shapes import Shapes

NAME = "in every shape: {}"

_chosen = list(CHECKS)


def choose(pattern):
    """Only what these claims want to know is asked."""
    _chosen[:] = [c for c in CHECKS if re.search(pattern, NAME.format(c.name))]


def questions_of(shape):
    return list(dict.fromkeys(c.question for c in _chosen if c.rule(shape) is not None)) or ["groups"]


def prepare(board):
    """The answers, or why there are none: nobody tries again."""
    there = set(board.run(f"ls -d {' '.join(shape_view.COVERED)} 2>/dev/null")[1].split())
    for shape in Shapes.ALL:
        shape.there, shape.arch = there, board.arch
        shape.boards = board.namespaces(1)
        shape.base = board.product.uid_bases()[shape.name]
    try:
        board.output("/services/probe/peer abstract pith-test 600000 >/dev/null 2>&1 &")
        return Answers(board, questions_of)
    except Failure as failure:
        return failure


def faults(answers, wanted):
    """[(shape, manner, what is wrong)]"""
    for shape in Shapes.ALL:
        for manner in MANNERS:
            if wanted.rule(shape) is None:
                continue
            try:
                wanted.judge(shape, answers.get(shape, manner, wanted.question))
            except Failure as failure:
                yield shape.name, manner, str(failure)


@claim("shapes", "every shape starts, and answers whoever asks it")
def all_answer(board):
    answers = board.recorded("answers", lambda: prepare(board))
    if isinstance(answers, Failure):
        raise answers
    expect(not answers.silent(), *answers.silent())


@claim("shapes", NAME, each=[(c.name, c) for c in CHECKS])
def holds_in_every_shape(board, name, wanted):
    answers = board.recorded("answers", lambda: prepare(board))
    if isinstance(answers, Failure):
        raise answers
    asked = [s for s in Shapes.ALL if wanted.rule(s) is not None]
    expect(asked, "no shape is asked")
    wrong = list(faults(answers, wanted))
    expect(not wrong, f"{len(wrong)} of {len(asked) * len(MANNERS)}:",
           *(f"{shape}, {manner}: {text}" for shape, manner, text in wrong))
