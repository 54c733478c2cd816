"""The messages about juries that agents may word themselves, one text for each different thing they say."""

from django.utils.translation import gettext_lazy as _

from bethune_smartcity.notifications.texts import Moment, Text
from calls.message_placeholders import APPLICATION, CALL, CONTACT, LINK, NAME, required

from .message_makings import (
    answers,
    ends_as,
    is_about_one,
    is_confirmed,
    is_late,
    is_moved,
    is_of,
    is_replaced,
    of_answer,
    of_changes,
    of_deck,
    of_end,
    of_finale,
    of_given,
    of_link,
    of_nudge,
    of_outcome,
    of_panel,
    of_reminder,
    of_slot,
    stands_aside,
)
from .message_placeholders import (
    ANSWERED,
    ASKED,
    CHANGES,
    DECK_BY,
    DUE,
    DUE_BY,
    GIVEN,
    HOUR,
    JUROR,
    LEFT,
    LINKED,
    MENTION,
    MINUTES,
    MORE,
    PANEL_CALL,
    PLACE,
    PRIZES,
    STILL_EXPECTED,
    TO_HAND_IN,
)

READ = Moment(40, _("When the jury reads and meets"))
DECIDED = Moment(50, _("When decisions are public"))


PITCH = (LINK, HOUR, MINUTES, ASKED, NAME, APPLICATION, CALL, CONTACT)
DECISION = (LINK, APPLICATION, CALL, NAME, CONTACT)
AWAITED = (LINK, DECK_BY, NAME, APPLICATION, CALL, CONTACT)
UNNAMED = (LINK, NAME, CALL, PLACE)
NAMED = (LINK, ANSWERED, NAME, CALL, PLACE)
LINKS_ANSWERED = (
    Text(
        "juries.link_answered.whole",
        _("To a juror: standing aside from the session is confirmed"),
        READ,
        UNNAMED,
        of_answer(is_link=True, is_whole=True),
        stands_aside,
    ),
    Text(
        "juries.link_answered.link",
        _("To a juror: their link with an application is confirmed"),
        READ,
        NAMED,
        of_answer(is_link=True),
        answers(is_link=True, is_named=True),
    ),
    Text(
        "juries.link_answered.link_unnamed",
        _("To a juror: their link is confirmed, the application not named"),
        READ,
        UNNAMED,
        of_answer(is_link=True),
        answers(is_link=True, is_named=False),
    ),
    Text(
        "juries.link_answered.none",
        _("To a juror: no link with an application"),
        READ,
        NAMED,
        of_answer(is_link=False),
        answers(is_link=False, is_named=True),
    ),
    Text(
        "juries.link_answered.none_unnamed",
        _("To a juror: no link, the application not named"),
        READ,
        UNNAMED,
        of_answer(is_link=False),
        answers(is_link=False, is_named=False),
    ),
)
TEXTS = {
    "juries.panel_opened": (
        Text("juries.panel_opened", _("To jurors: the sheets open"), READ, (LINK, DUE, NAME, PANEL_CALL), of_panel),
    ),
    "juries.reminder": (
        Text(
            "juries.reminder.before",
            _("To jurors: reminder before the sheets are due"),
            READ,
            (LINK, LEFT, DUE_BY, TO_HAND_IN, NAME, CALL),
            of_reminder(is_late=False),
            lambda context: not is_late(context),
        ),
        Text(
            "juries.reminder.late",
            _("To jurors: reminder once the date is past"),
            READ,
            (LINK, LEFT, DUE_BY, STILL_EXPECTED, NAME, CALL),
            of_reminder(is_late=True),
            is_late,
        ),
    ),
    "juries.nudge": (
        Text(
            "juries.nudge",
            _("To a juror, by hand: sheets to hand in"),
            READ,
            (LINK, LEFT, DUE, TO_HAND_IN, NAME, CALL),
            of_nudge(is_late=False),
            lambda context: not is_late(context),
        ),
        Text(
            "juries.nudge.late",
            _("To a juror, by hand: sheets once the date is past"),
            READ,
            (LINK, LEFT, DUE_BY, STILL_EXPECTED, NAME, CALL),
            of_nudge(is_late=True),
            is_late,
        ),
    ),
    "juries.second_reading": (
        Text(
            "juries.second_reading",
            _("To jurors: the second reading opens"),
            READ,
            (LINK, DUE, NAME, PANEL_CALL),
            of_panel,
        ),
    ),
    "juries.readings_given": (
        Text(
            "juries.readings_given",
            _("To a juror: more applications to read"),
            READ,
            (LINK, GIVEN, DUE, MORE, NAME, CALL),
            of_given,
        ),
    ),
    "juries.session_changed": (
        Text(
            "juries.session_changed.reading",
            _("To jurors: the reading has changed"),
            READ,
            (LINK, CHANGES, NAME, CALL),
            of_changes("reading"),
            is_of("reading"),
        ),
        Text(
            "juries.session_changed.finale",
            _("To jurors: the finale has changed"),
            READ,
            (LINK, CHANGES, NAME, CALL),
            of_changes("finale"),
            is_of("finale"),
        ),
    ),
    "juries.link_declared": (
        Text(
            "juries.link_declared",
            _("To who leads the jury: a link with an application"),
            READ,
            (LINK, required(JUROR), LINKED, NAME, CALL),
            of_link(is_whole=False),
            is_about_one,
        ),
        Text(
            "juries.link_declared.whole",
            _("To who leads the jury: a juror stands aside from the session"),
            READ,
            (LINK, required(JUROR), NAME, CALL),
            of_link(is_whole=True),
            lambda context: not is_about_one(context),
        ),
    ),
    "juries.link_answered": LINKS_ANSWERED,
    "juries.seat_ended": (
        Text(
            "juries.seat_ended",
            _("To a juror: their seat has ended"),
            READ,
            (LINK, NAME, CALL),
            of_end(is_replaced=False),
            lambda context: not is_replaced(context),
        ),
        Text(
            "juries.seat_ended.replaced",
            _("To a juror: a substitute takes their seat"),
            READ,
            (LINK, NAME, CALL),
            of_end(is_replaced=True),
            is_replaced,
        ),
    ),
    "juries.expected": (
        Text(
            "juries.expected",
            _("To a finalist: their answer is awaited"),
            READ,
            AWAITED,
            of_deck(is_confirmed=False),
            lambda context: not is_confirmed(context),
        ),
        Text(
            "juries.expected.deck",
            _("To a finalist: their deck is awaited"),
            READ,
            AWAITED,
            of_deck(is_confirmed=True),
            is_confirmed,
        ),
    ),
    "juries.finale_changed": (
        Text(
            "juries.finale_changed",
            _("To a finalist: the finale has changed"),
            READ,
            (LINK, CHANGES, NAME, APPLICATION, CALL, CONTACT),
            of_finale,
        ),
    ),
    "juries.slot": (
        Text(
            "juries.slot",
            _("Hour of a pitch"),
            READ,
            PITCH,
            of_slot(is_moved=False),
            lambda context: not is_moved(context),
        ),
        Text(
            "juries.slot.moved",
            _("Hour of a pitch, drawn again"),
            READ,
            PITCH,
            of_slot(is_moved=True),
            is_moved,
        ),
    ),
    "juries.decision": (
        Text(
            "juries.decision.finalist",
            _("Kept for the finale"),
            DECIDED,
            DECISION,
            of_outcome("keep"),
            ends_as("keep"),
        ),
        Text(
            "juries.decision.reserve",
            _("On the reserve list"),
            DECIDED,
            DECISION,
            of_outcome("reserve"),
            ends_as("reserve"),
        ),
        Text(
            "juries.decision.laureate",
            _("Laureate"),
            DECIDED,
            (LINK, PRIZES, APPLICATION, CALL, NAME, CONTACT),
            of_outcome("elect"),
            ends_as("elect"),
        ),
        Text(
            "juries.decision.mention",
            _("Special mention of the jury"),
            DECIDED,
            (LINK, MENTION, APPLICATION, CALL, NAME, CONTACT),
            of_outcome("mention"),
            ends_as("mention"),
        ),
        Text(
            "juries.decision.declined_finale",
            _("Not among the laureates"),
            DECIDED,
            DECISION,
            of_outcome("decline", "finale"),
            ends_as("decline", "finale"),
        ),
        Text(
            "juries.decision.declined_reading",
            _("Not kept for the finale"),
            DECIDED,
            DECISION,
            of_outcome("decline", "reading"),
            ends_as("decline", "reading"),
        ),
    ),
}
