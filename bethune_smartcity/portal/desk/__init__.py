"""What an agent finds on opening the back office: what is asked of them, calls under way, the month to come."""

from .agenda import DAYS, Event, Month, month
from .calls import Running, running_calls
from .tasks import Task, tasks

__all__ = ["DAYS", "Event", "Month", "Running", "Task", "month", "running_calls", "tasks"]
