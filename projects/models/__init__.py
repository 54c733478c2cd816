from .milestone import Milestone, Payment
from .photo import Photo
from .project import Project, Update
from .replication import ReplicationFile, ReplicationRequest
from .target import Target

__all__ = ["Milestone", "Payment", "Photo", "Project", "ReplicationFile", "ReplicationRequest", "Target", "Update"]
