"""What the portal is called, what is drawn of the town, and the map of its projects: its centre, what helps to find
one’s way on it, and the town sketched by hand.

Another city names its own; where nothing is drawn, the plan shows its circles and landmarks alone.
"""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Drawings(NamedTuple):
    """The drawings of a town, among the static files, and their words.

    Args:
        town: whose they are; beside the name of another city they are told by that name alone.
        logo: stands above documents, an SVG.
        logo_words: what it shows.
        skyline: stands behind titles, where it is not read out.
        map_words: what the map of the projects is around.
    """

    town: str
    logo: str
    logo_words: Any
    skyline: str
    map_words: Any


# Pages, mails, feeds, share cards and what gives codes for signing in bear it; sentences name the city by its record.
SITE_NAME = "Béthune Smart City"
# What is drawn of the town, and what it is called for who does not see it.
DRAWN = Drawings(
    town="Béthune",
    logo="img/logo.svg",
    logo_words=_("The belfry of Béthune"),
    skyline="img/skyline.svg",
    map_words=_("Plan of the projects around the belfry"),
)
# Each place is (latitude, longitude).
MAP_CENTRE = (50.5303, 2.6407)
MAP_LANDMARKS = (
    (_("Belfry"), (50.5303, 2.6407)),
    ("Saint-Vaast", (50.5316, 2.6383)),
    (_("Station"), (50.5211, 2.6408)),
)
# (kind, name, where the name is written, points); kinds: water, basin, ring, street, rail.
MAP_DRAWING = (
    (
        "water",
        "Canal d’Aire",
        (50.5402, 2.6319),
        (
            (50.5474, 2.5983),
            (50.5431, 2.6152),
            (50.54, 2.628),
            (50.5391, 2.6365),
            (50.5389, 2.6478),
            (50.5377, 2.6563),
            (50.5339, 2.669),
            (50.5294, 2.686),
        ),
    ),
    (
        "water",
        "La Lawe",
        (50.5247, 2.6268),
        (
            (50.5087, 2.6138),
            (50.5186, 2.623),
            (50.5236, 2.6273),
            (50.5281, 2.6294),
            (50.5321, 2.6299),
            (50.5357, 2.6322),
            (50.5393, 2.6348),
        ),
    ),
    (
        "basin",
        "Gare d’eau",
        (50.5357, 2.6506),
        (
            (50.539, 2.6434),
            (50.5362, 2.6434),
            (50.5355, 2.6442),
            (50.5355, 2.6454),
            (50.5362, 2.6459),
            (50.539, 2.6459),
        ),
    ),
    (
        "ring",
        "",
        None,
        (
            (50.5323, 2.6353),
            (50.5341, 2.639),
            (50.5337, 2.6441),
            (50.5312, 2.6466),
            (50.5278, 2.6458),
            (50.5264, 2.6415),
            (50.5275, 2.6365),
            (50.5299, 2.6346),
        ),
    ),
    ("street", "", None, ((50.5264, 2.6415), (50.5211, 2.641))),
    ("street", "", None, ((50.531, 2.635), (50.5317, 2.6294), (50.5348, 2.5983))),
    ("street", "", None, ((50.5305, 2.6466), (50.5298, 2.6577), (50.5276, 2.6831))),
    ("street", "", None, ((50.5337, 2.6441), (50.5355, 2.6447))),
    ("street", "", None, ((50.5341, 2.639), (50.5391, 2.6376), (50.5519, 2.6336))),
    ("street", "", None, ((50.5275, 2.6365), (50.5215, 2.6308), (50.5087, 2.6209))),
    ("rail", "", None, ((50.524, 2.5983), (50.5216, 2.6237), (50.5209, 2.6407), (50.5213, 2.6577), (50.5231, 2.6831))),
)
