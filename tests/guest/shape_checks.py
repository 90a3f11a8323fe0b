"""The list of checks: each asks one thing of all shapes, and what is right for a shape
is a rule about its row.
"""
from claims import expect

CHECKS = []


class Check:
    """name: what holds.  question: the probe's verb.  rule(shape): the answers
    that are right, or None if the shape is not asked.  look(shape, reply), if
    there is one, judges more than the answer's first line."""

    def __init__(self, name, question, rule, look=None):
        self.name = name
        self.question = question
        self.rule = rule
        self.look = look

    def judge(self, shape, reply):
        right = self.rule(shape)
        expect(reply.status in right, f"{self.question}: {reply}", f"expected: {' or '.join(right)}")
        if self.look:
            self.look(shape, reply)


def check(name, question, rule, look=None):
    CHECKS.append(Check(name, question, rule, look))


# Rules

def refused(*errors, unless=None):
    """To all but those of whom `unless` holds, who are not asked."""
    def rule(shape):
        if unless and unless(shape):
            return None
        return {*errors, "EPERM"} if shape.strict else set(errors)
    return rule


def only_with(holds, *errors):
    """It is done for those of whom `holds` holds, and refused to the others."""
    def rule(shape):
        if holds(shape):
            return {"ok"}
        return {*errors, "EPERM"} if shape.strict else set(errors)
    return rule


def by_filter(*opens, then=None, arches=None):
    """A filter refuses the call but to who keeps one of the capabilities; to others the
    kernel answers with one of `then`, if that is known.  arches: where there is that call."""
    def rule(shape):
        if arches and shape.arch not in arches:
            return {"unknown call"}
        if shape.filtered and not any(shape.has(cap) for cap in opens):
            return {"EPERM"}
        return set(then) if then else None
    return rule


def always(*answers):
    return lambda shape: set(answers)


def real_admin(shape):
    return shape.real("SYS_ADMIN")


def admin(shape):
    return shape.has("SYS_ADMIN")
