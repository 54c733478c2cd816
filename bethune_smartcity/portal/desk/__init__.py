"""What an agent finds on opening the back office: what is asked of them, calls under way, the month to come."""

from .agenda import Event, Month, month
from .calls import Running, running_calls
from .outgoing import Outgoing, outgoing
from .tasks import Task, tasks

__all__ = ["Event", "Month", "Outgoing", "Running", "Task", "month", "outgoing", "running_calls", "tasks"]
