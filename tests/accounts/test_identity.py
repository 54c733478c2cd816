"""The number a country gives its structures: named, checked and written as that country does, and never demanded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.accounts import identity, operations
from bethune_smartcity.core.errors import Invalid
from tests.factories.accounts import UserFactory

RIGHT = [
    ("FR", "company", "12345678200010", "123 456 782 00010"),
    ("FR", "company", " 123.456.782 00010 ", "123 456 782 00010"),
    ("FR", "company", "123456782", "123 456 782"),
    ("FR", "association", "w621000123", "W621000123"),
    ("FR", "other", "W621000123", "W621000123"),
    ("FR", "association", "123 456 782 00010", "123 456 782 00010"),
    ("BE", "company", "be 0123 456 749", "0123.456.749"),
    ("GB", "company", "sc123456", "SC123456"),
    ("GB", "company", "1234567", "01234567"),
    ("GB", "company", "ip12345r", "IP12345R"),
    ("GB", "association", "1234567", "1234567"),
    ("GB", "association", "SC 012345", "SC012345"),
    ("GB", "association", "nic100012", "NIC100012"),
    ("GB", "other", "01234567", "01234567"),
    ("DE", "company", "hrb 12345 b  Amtsgericht Charlottenburg", "HRB 12345 B Amtsgericht Charlottenburg"),
    ("DE", "association", "VR 4711", "VR 4711"),
    ("US", "company", "911144442", "91-1144442"),
    ("NL", "company", "1234 5678", "12345678"),
    ("JP", "company", "  1010 001 012 345 ", "1010 001 012 345"),
    ("FR", "company", "   ", ""),
]
WRONG = [
    ("FR", "company", "123 456 782 00011"),
    ("FR", "company", "123 456 783"),
    ("FR", "company", "W621000123"),
    ("BE", "company", "0123.456.700"),
    ("GB", "company", "123"),
    ("GB", "association", "12345"),
    ("DE", "company", "12345"),
    ("US", "company", "9-1144442"),
    ("NL", "company", "1234"),
    ("FR", "company", "١٢٣٤٥٦٧٨٢٠٠٠١٠"),
]


@pytest.mark.parametrize(("country", "kind", "typed", "kept"), RIGHT)
def test_a_number_is_written_as_its_country_does(country, kind, typed, kept):
    assert identity.checked(typed, country=country, kind=kind) == kept
    assert identity.checked(kept, country=country, kind=kind) == kept


@pytest.mark.parametrize(("country", "kind", "typed"), WRONG)
def test_a_wrong_one_is_refused_with_an_example_and_the_way_round_it(country, kind, typed):
    with pytest.raises(Invalid) as refused:
        identity.checked(typed, country=country, kind=kind)
    assert refused.value.field == "registration_number"
    assert identity.scheme_of(country, kind).example in str(refused.value)
    assert "vide" in str(refused.value)


@given(st.text(max_size=80), st.sampled_from(["FR", "BE", "GB", "DE", "US", "NL", "JP", ""]))
def test_whatever_is_typed_is_kept_or_refused(typed, country):
    try:
        kept = identity.checked(typed, country=country, kind="company")
    except Invalid:
        return
    assert identity.checked(kept, country=country, kind="company") == kept


@pytest.mark.django_db
class TestStructures:
    def test_no_country_asks_for_a_number(self):
        for country in ("FR", "BE", "GB", "DE", "US", "JP"):
            assert operations.found_structure(by=UserFactory(), name="X (démo)", country=country).pk

    def test_the_number_is_checked_where_a_structure_is_founded_and_changed(self):
        person = UserFactory()
        with pytest.raises(Invalid):
            operations.found_structure(by=person, name="X", country="FR", registration_number="9")
        made = operations.found_structure(by=person, name="X", country="BE", registration_number="BE0123456749")
        assert made.registration_number == "0123.456.749"
        with pytest.raises(Invalid):
            operations.edit_structure(made, by=person, registration_number="12")
        with pytest.raises(Invalid):
            operations.edit_structure(made, by=person, country="FR")
        made.refresh_from_db()
        assert (made.country, made.registration_number) == ("BE", "0123.456.749")

    def test_a_number_kept_from_before_the_check_stands_in_nobody_s_way(self):
        person = UserFactory()
        made = operations.found_structure(by=person, name="X", country="FR")
        type(made).objects.update(registration_number="old 12")
        made.refresh_from_db()
        operations.edit_structure(made, by=person, registration_number="old 12", city="Lens")
        assert type(made).objects.get().city == "Lens"

    def test_the_page_says_at_the_field_what_the_country_asks(self, client):
        client.force_login(UserFactory(language="fr"))
        typed = {"kind": "company", "name": "X (démo)", "country": "GB", "registration_number": "12", "city": "Leeds"}
        answer = client.post("/espace/structures/nouvelle/", typed)
        assert answer.status_code == 400
        assert "registration_number" in answer.context["form"].errors
        assert "Company number" in answer.text
        assert 'value="Leeds"' in answer.text
