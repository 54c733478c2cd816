"""Two people on one draft: nothing is overwritten in silence, and each sees the other."""

from tests.factories.calls import PDF

from .desk import MARKS, box_of
from .stage import stage

pytestmark = MARKS


def texts_shown(page):
    """Both texts of a conflict, once the page shows them: the answer comes before."""
    both = page.locator(".conflict__text p")
    both.nth(1).wait_for()
    return both.all_inner_texts()


def test_ticks_of_two_people_at_once_are_both_shown(desk):
    stage(desk.folder, "unanswered")
    mine, theirs = desk.writes(), desk.writes("collegue")
    first, second = (page.locator("input[type=radio]") for page in (mine, theirs))
    with theirs.expect_response("**/champ/"):
        second.nth(1).check()
    with mine.expect_response("**/champ/") as answer:
        first.nth(0).check()
    assert answer.value.status == 409
    both = texts_shown(mine)
    labels = [text.strip() for text in mine.locator("label:has(input[type=radio])").all_inner_texts()]
    assert both == labels[:2]
    with mine.expect_response("**/champ/"):
        mine.get_by_role("button", name="Garder le sien").click()
    mine.locator(".conflict").wait_for(state="detached")
    assert first.nth(1).is_checked()
    mine.reload()
    assert first.nth(1).is_checked()


def test_titles_of_two_people_at_once_are_both_shown(desk):
    mine, theirs = desk.writes(order=0), desk.writes("collegue", order=0)
    for page, title in ((theirs, "Navette du soir"), (mine, "Navette de nuit")):
        with page.expect_response("**/champ/"):
            page.locator("input[name=title]").fill(title)
    assert texts_shown(mine) == ["Navette de nuit", "Navette du soir"]
    with mine.expect_response("**/champ/") as answer:
        mine.get_by_role("button", name="Garder le mien").click()
    assert answer.value.status == 200
    mine.reload()
    assert mine.locator("input[name=title]").input_value() == "Navette de nuit"


def test_a_document_of_someone_else_is_shown_before_it_is_replaced(desk):
    mine, theirs = desk.writes(), desk.writes("collegue")
    control = "input[type=file]"
    for page, name in ((theirs, "leur.pdf"), (mine, "mien.pdf")):
        sent = {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        with page.expect_response("**/champ/"):
            page.locator(control).set_input_files(sent)
    box = box_of(mine, mine.locator(control))
    box.locator(".errorlist").filter(has_text="leur.pdf").wait_for()
    box.get_by_role("link", name="leur.pdf").wait_for()
    mine.locator(control).set_input_files({"name": "mien.pdf", "mimeType": "application/pdf", "buffer": PDF})
    box.get_by_role("link", name="mien.pdf").wait_for()
    box.get_by_label("Retirer").check()
    box.locator(".file").wait_for(state="detached")


def test_rows_of_two_people_at_once_are_all_kept(desk):
    stage(desk.folder, "rows")
    mine, theirs = desk.writes(), desk.writes("collegue")
    for page, name in ((theirs, "Camille"), (mine, "Anna")):
        with page.expect_response("**/champ/"):
            page.locator(".table-scroll input").first.fill(name)
    assert texts_shown(mine) == ["Anna", "Camille"]
    with mine.expect_response("**/champ/"):
        mine.get_by_role("button", name="Garder les deux").click()
    mine.reload()
    cells = mine.locator(".table-scroll tbody tr input:first-child").all()
    assert [cell.input_value() for cell in cells if cell.input_value()] == ["Camille", "Anna"]


def test_two_people_in_one_section_see_each_other_and_what_the_other_saved(desk):
    mine, theirs = desk.writes(order=2), desk.writes("collegue", order=2)
    other = theirs.locator(".people__here")
    assert "Ici en ce moment" in other.inner_text()
    assert "est aussi dans cette section" in theirs.locator("[data-together]").inner_text()
    assert mine.locator("[data-together]").inner_text() == ""
    with theirs.expect_response("**/champ/"):
        theirs.locator("textarea").first.fill("Écrit à deux.")
    with mine.expect_response("**/presence/**"):
        # What a page does by itself every few seconds, and when one comes back to it.
        mine.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    # The list may name the other already: where they were a moment ago, when this page was drawn.
    mine.locator("[role=status][data-together]").filter(has_text="est aussi dans cette section").wait_for()
    assert "Ici en ce moment" in mine.locator(".people__here").inner_text()
    assert "A enregistré" in mine.locator(".people").inner_text()
