"""French as the portal writes it: "22 novembre 2026 à 14 h 05", unbroken inside the hour."""

from django.conf.locale.fr.formats import *  # noqa: F403

TIME_FORMAT = "G\u00a0\\h\u00a0i"
DATETIME_FORMAT = f"j F Y à {TIME_FORMAT}"
SHORT_DATETIME_FORMAT = f"d/m/Y {TIME_FORMAT}"
