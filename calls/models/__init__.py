from .calendar import CallDate
from .call import Call, CallAgent, Criterion, DeadlineMove, Prize, RulesVersion
from .clarification import Clarification
from .distinction import Distinction
from .form import Question, Section
from .form_change import FormChange, QuestionEdit
from .letter import Letter
from .message_text import MessageText
from .reminder import Reminder
from .submission import Answer, Attachment, Submission, SubmissionVersion, applying, applying_as

__all__ = [
    "Answer",
    "Attachment",
    "Call",
    "CallAgent",
    "CallDate",
    "Clarification",
    "Criterion",
    "DeadlineMove",
    "Distinction",
    "FormChange",
    "Letter",
    "MessageText",
    "Prize",
    "Question",
    "QuestionEdit",
    "Reminder",
    "RulesVersion",
    "Section",
    "Submission",
    "SubmissionVersion",
    "applying",
    "applying_as",
]
