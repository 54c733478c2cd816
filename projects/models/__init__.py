from .milestone import Milestone, Payment
from .project import Project, Update

__all__ = ["Milestone", "Payment", "Project", "Update"]
