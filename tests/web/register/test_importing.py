"""Spreadsheets: read whatever the encoding, tried cell by cell, brought in once, undone."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from maillage.core.errors import InputError
from maillage.studies.store import Store
from maillage.web.accounts.models import Notice, Organisation, TerritoryRole, User
from maillage.web.register.content.storing import content_of
from maillage.web.register.importing import reading, running, steering, undoing
from maillage.web.register.importing.columns import COLUMNS, guessed_mapping, template
from maillage.web.register.importing.opening import open_batch
from maillage.web.register.importing.reading import read_spreadsheet
from maillage.web.register.importing.running import run_batch
from maillage.web.register.importing.steering import start_batch, start_undoing, stop_batch
from maillage.web.register.importing.tasks import take_up_lost
from maillage.web.register.importing.undoing import undo_batch
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.commenting import comment
from maillage.web.register.life.editing import edit, start_draft
from maillage.web.register.life.moving import review_evidence
from maillage.web.register.models import (
    Attachment,
    Contact,
    ImportBatch,
    ImportRow,
    Initiative,
)
from maillage.web.register.models.choices import EvidenceLevel, Licence, State
from maillage.web.territories.models import Territory
from tests.web.register.conftest import AT

TABLE = """Clé;Titre;En une phrase;Thèmes;Territoires couverts;Porteurs;Type des porteurs
a1;Bus du Levant;Un bus.;Prévention et sensibilisation;20001;CC du Levant;Collectivité
a2;Œuvre santé;Une œuvre.;"numérique ; formation";"20002 ; 20003";"Asso A ; Asso B";association
"""


def batch_of(
    text: str | bytes,
    *,
    by: Any = None,
    source: str = "Source",
    licence: Licence = Licence.LO_2_0,
) -> ImportBatch:
    body = text if isinstance(text, bytes) else text.encode()
    return open_batch(
        body=body,
        file_name="f.csv",
        source_name=source,
        licence=licence,
        mapping=guessed_mapping(read_spreadsheet(body).header),
        by=by,
        at=AT,
    )


def run(text: str | bytes, **more: Any) -> ImportBatch:
    batch = batch_of(text, **more)
    start_batch(batch=batch, at=AT)
    return run_batch(batch=batch, clock=lambda: AT)


def undo(batch: ImportBatch) -> ImportBatch:
    assert start_undoing(batch=batch, at=AT)
    return undo_batch(batch=batch, clock=lambda: AT)


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.values_list("outcome", flat=True))


def xlsx(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_every_usual_encoding(encoding: str):
    sheet = read_spreadsheet(TABLE.encode(encoding))
    assert sheet.header[0] == "Clé"
    assert sheet.rows[1][1] == "Œuvre santé"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_with_every_usual_separator(delimiter: str):
    text = f"Clé{delimiter}Titre\r\n1{delimiter}Un\r\n"
    assert read_spreadsheet(text.encode()).rows == (("1", "Un"),)


def test_a_workbook_gives_whole_numbers_and_dates_as_people_see_them():
    sheet = read_spreadsheet(xlsx([["Clé", "Titre", "Année"], [12, "Un", 2019]]))
    assert sheet.rows == (("12", "Un", "2019"),)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "vide"),
        (b"PK\x03\x04 not a zip", "ne se lit pas"),
        (b"\x00\x01\x02\x00binary", "ni un CSV"),
        (b"a;a\n1;2\n", "même nom"),
        (";".join(f"c{n}" for n in range(101)).encode(), "colonnes"),
        (b"a;b\n" + b"x" * 20_001 + b";1\n", "cellule"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 Mo"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(body: bytes, said: str):
    with pytest.raises(InputError, match=said):
        read_spreadsheet(body)


def test_a_zip_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "LARGEST_UNZIPPED", 5 * 1024 * 1024)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (50 * 1024 * 1024))
    assert len(buffer.getvalue()) < 100_000
    with pytest.raises(InputError, match="trop grand"):
        read_spreadsheet(buffer.getvalue())


def test_the_template_is_read_back_with_every_column_understood():
    for file_format in ("csv", "xlsx"):
        body = template(file_format)
        header = read_spreadsheet(body).header
        assert list(guessed_mapping(header).values()) == [column.key for column in COLUMNS]


def test_rows_become_records_sent_for_publication(shown_store: Store):
    batch = run(TABLE)
    assert outcomes(batch) == ["created", "created"]
    second = Initiative.objects.get(title="Œuvre santé")
    assert second.state == State.SUBMITTED
    assert second.source_name == "Source"
    assert {tag.value for tag in second.tags.all()} == {"digital", "training"}
    assert [one.name for one in second.holders.all()] == ["Asso A", "Asso B"]
    assert second.territories.count() == 2
    assert batch.rows.first().raw["Titre"] == "Bus du Levant"


def test_the_same_file_again_changes_nothing(shown_store: Store, administrator: User):
    run(TABLE, by=administrator)
    again = run(TABLE, by=administrator)
    assert outcomes(again) == ["unchanged", "unchanged"]
    assert Initiative.objects.count() == 2


def test_a_file_of_many_decimals_again_changes_nothing(shown_store: Store, administrator: User):
    header = "Clé;Titre;Équivalents temps plein;Budget, par financeur et par année"
    table = f"{header}\na1;Bus;7,3333;ARS | ARS | 2023 | 1 | 33,3333\n"
    assert outcomes(run(table, by=administrator)) == ["created"]
    assert outcomes(run(table, by=administrator)) == ["unchanged"]


def test_a_row_without_licence_has_that_of_its_file_and_keeps_it(
    shown_store: Store, administrator: User
):
    table = "Clé;Titre;Licence de la fiche\na1;Bus;\na2;Navette;ODbL 1.0\n"
    assert outcomes(run(table, by=administrator, licence=Licence.UNKNOWN)) == ["created", "created"]
    given = dict(Initiative.objects.values_list("title", "licence"))
    assert given == {"Bus": Licence.UNKNOWN, "Navette": Licence.ODBL_1_0}
    assert outcomes(run(table, by=administrator)) == ["unchanged", "unchanged"]


def test_a_corrected_file_changes_what_it_corrects_and_undoing_brings_it_back(
    shown_store: Store, administrator: User
):
    run(TABLE, by=administrator)
    corrected = run(TABLE.replace("Un bus.", "Un bus, deux fois."), by=administrator)
    assert outcomes(corrected) == ["updated", "unchanged"]
    bus = Initiative.objects.get(title="Bus du Levant")
    assert bus.promise == "Un bus, deux fois."
    assert outcomes(undo(corrected)) == ["undone", "unchanged"]
    bus.refresh_from_db()
    assert bus.promise == "Un bus."


def test_a_row_that_does_not_fit_its_sheet_is_an_error_and_stops_no_other(
    shown_store: Store, administrator: User
):
    run("Clé;Titre;Année de lancement\na1;Bus;2020\na2;Navette;2020\n", by=administrator)
    batch = run("Clé;Titre;Année de fin\na1;Bus;2019\na2;Navette;2021\n", by=administrator)
    assert (batch.status, outcomes(batch)) == ("done", ["error", "updated"])
    assert batch.rows.first().errors == [["", "L’année de fin précède celle du lancement."]]
    assert dict(Initiative.objects.values_list("title", "end_year")) == {
        "Bus": None,
        "Navette": 2021,
    }


def test_undoing_takes_back_what_nobody_touched_and_keeps_the_rest(shown_store: Store):
    batch = run(TABLE)
    touched = Initiative.objects.get(title="Bus du Levant")
    edit(initiative=touched, changes={"promise": "Relue."}, actor=MACHINE, at=AT)
    undone = undo(batch)
    assert (undone.status, outcomes(undone)) == ("undone", ["kept", "undone"])
    assert "a changé depuis" in undone.rows.first().errors[0][1]
    assert [one.title for one in Initiative.objects.all()] == ["Bus du Levant"]
    assert not start_undoing(batch=batch, at=AT)


HANGS = {
    "a contact": lambda one: Contact.objects.create(initiative=one, name="Porteuse"),
    "a remark": lambda one: comment(initiative=one, text="À revoir.", actor=MACHINE, at=AT),
    "a file": lambda one: Attachment.objects.create(
        initiative=one, public_id="f", name="f.pdf", size=1, sha256="0", body=b"x", added_at=AT
    ),
    "a link from another": lambda one: start_draft(
        content={"title": "Suite", "relations": [{"kind": "part_of", "target": one.public_id}]},
        actor=MACHINE,
        at=AT,
    ),
    "a reading of its evidence": lambda one: review_evidence(
        initiative=one, level=EvidenceLevel.NONE, actor=MACHINE, at=AT
    ),
    "an organisation": lambda one: Initiative.objects.filter(pk=one.pk).update(
        organisation=Organisation.objects.create(name="CPTS", kind="cpts", created_at=AT)
    ),
}


@pytest.mark.parametrize("hang", HANGS.values(), ids=HANGS)
def test_undoing_keeps_a_record_on_which_somebody_hung_something(
    shown_store: Store, hang: Callable[[Initiative], Any]
):
    batch = run(TABLE)
    hang(Initiative.objects.get(title="Bus du Levant"))
    undone = undo(batch)
    assert outcomes(undone) == ["kept", "undone"]
    assert Initiative.objects.filter(title="Bus du Levant").exists()
    assert "joint depuis" in undone.rows.first().errors[0][1]


def test_nothing_but_what_an_import_writes_is_taken_for_the_import():
    hanging = {one.get_accessor_name() for one in Initiative._meta.related_objects}
    assert hanging > undoing._WRITTEN_BY_IMPORT
    assert {"contact", "comments", "attachments", "amendments", "messages"} < hanging


def test_an_undoing_goes_by_groups_stops_between_them_and_goes_on(
    shown_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(undoing, "GROUP", 1)
    batch = run(TABLE)
    assert start_undoing(batch=batch, at=AT)
    assert undoing._undo_group(batch, AT)
    assert Initiative.objects.count() == 1
    assert stop_batch(batch=batch, by=None, at=AT)
    assert not undoing._undo_group(batch, AT)
    assert undo_batch(batch=batch, clock=lambda: AT).status == "halted"
    assert not start_batch(batch=batch, at=AT)
    assert outcomes(undo(batch)) == ["undone", "undone"]
    assert Initiative.objects.count() == 0


def test_an_undoing_whose_worker_died_is_taken_up(shown_store: Store):
    batch = run(TABLE)
    start_undoing(batch=batch, at=AT)
    assert take_up_lost(at=AT + steering.LOST_AFTER) == 1
    assert DBTaskResult.objects.get().task_path.endswith("take_back")


def test_a_record_erased_since_its_import_does_not_stop_the_undoing(shown_store: Store):
    batch = run(TABLE)
    Initiative.objects.filter(title="Bus du Levant").delete()
    assert outcomes(undo(batch)) == ["undone", "undone"]


def test_undoing_says_on_its_page_which_records_it_kept(administrator: User, shown_store: Store):
    batch = run(TABLE, by=administrator)
    touched = Initiative.objects.get(title="Bus du Levant")
    edit(initiative=touched, changes={"promise": "Relue."}, actor=MACHINE, at=AT)
    undo(batch)
    client = Client()
    client.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("register:import_batch", args=[batch.public_id])).text
    assert f'href="{touched.get_absolute_url()}"' in page
    assert "La fiche a changé depuis l’import" in page
    assert "2 fiches examinées sur 2" in page
    assert "1 gardée." in page


def test_a_file_that_changes_many_records_takes_them_some_at_a_time(
    shown_store: Store, administrator: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(running, "EDITED", 1)
    run(TABLE, by=administrator)
    batch = batch_of(TABLE.replace("Un", "Deux"), by=administrator)
    start_batch(batch=batch, at=AT)
    assert running._run_group(batch, AT)
    assert outcomes(batch) == ["updated", "waiting"]
    assert outcomes(run_batch(batch=batch, clock=lambda: AT)) == ["updated", "updated"]


def test_the_history_names_who_brought_a_corrected_file(shown_store: Store, administrator: User):
    run(TABLE, by=administrator)
    run(TABLE.replace("Un bus.", "Deux bus."), by=administrator)
    bus = Initiative.objects.get(title="Bus du Levant")
    assert [one.by for one in bus.versions.all()] == [administrator, administrator]


def test_a_row_about_a_place_that_left_the_importers_reach_meanwhile_is_an_error(
    shown_store: Store,
):
    user = User.objects.create_user("coordo@example.org")
    commune = Territory.objects.get(kind="commune", code="20001")
    role = TerritoryRole.objects.create(
        user=user, territory=commune, role="coordinator", given_at=AT
    )
    batch = batch_of(TABLE.splitlines()[0] + "\n" + TABLE.splitlines()[1], by=user)
    assert outcomes(batch) == ["waiting"]
    role.delete()
    start_batch(batch=batch, at=AT)
    as_a_worker_reads_it = ImportBatch.objects.get()
    assert outcomes(run_batch(batch=as_a_worker_reads_it, clock=lambda: AT)) == ["error"]


def test_a_link_to_no_record_is_an_error_of_its_cell(shown_store: Store):
    batch = run("Clé;Titre;Liens avec d’autres initiatives\n1;Bus;S’inspire de | k3m9p7x2qa\n")
    ((column, message),) = batch.rows.get().errors
    assert column == "Liens avec d’autres initiatives"
    assert "Aucune fiche ne porte l’identifiant « k3m9p7x2qa »" in message


def test_each_wrong_cell_has_its_error_and_the_good_rows_still_come_in(shown_store: Store):
    text = (
        "Clé;Titre;Thèmes;Territoires couverts;Année de lancement\n"
        "1;;prévention;20001;2019\n"
        "2;Deux;magie;Nulle-Part;demain\n"
        ";Trois;;20001;\n"
        "4;Quatre;;20001;2020\n"
        "5;Cinq;;;\n"
        "5;Six;;;\n"
    )
    batch = run(text)
    errors = {row.number: {column for column, _ in row.errors} for row in batch.rows.all()}
    assert errors[2] == {"Titre", "Thèmes"}
    assert errors[3] == {"Thèmes", "Territoires couverts", "Année de lancement"}
    assert errors[4] == {"Clé"}
    assert errors[5] == set()
    assert errors[6] == errors[7] == {"Clé"}
    assert [one.title for one in Initiative.objects.all()] == ["Quatre"]


def test_a_formula_stays_a_text(shown_store: Store):
    run("Clé;Titre\n1;=HYPERLINK(evil)\n")
    assert Initiative.objects.get().title == "=HYPERLINK(evil)"


def test_a_batch_that_stopped_goes_on_where_it_stood(
    shown_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("maillage.web.register.importing.running.GROUP", 1)
    batch = batch_of(TABLE)
    start_batch(batch=batch, at=AT)
    assert running._run_group(batch, AT)
    batch.refresh_from_db()
    assert batch.n_done == 1
    assert run_batch(batch=batch, clock=lambda: AT).status == "done"
    assert Initiative.objects.count() == 2


def test_lists_come_in_as_lines_of_a_cell_in_the_order_of_their_values(shown_store: Store):
    budget = "ARS | ARS | 2023 | 120 000,50 | 50\nRégion ; et État | Région | | 90000"
    figures = "Activité | Personnes vues | 1250 | personnes | 2023 | Bilan"
    links = "Rapport ou évaluation | Bilan | https://example.org/a;b?c=d"
    header = ["Clé", "Titre", "Budget, par financeur et par année"]
    header += ["Chiffres d’activité et de résultat", "Liens et documents en ligne"]
    header += ["Porteurs", "Type des porteurs", "Partenaires", "Étapes"]
    row = ["1", "Bus", budget, figures, links, "CC du Levant ; Asso | Association"]
    row += ["Collectivité", "Hôpital | prête une salle", "2021 | Premier passage"]
    batch = run(xlsx([header, row]))
    assert outcomes(batch) == ["created"]
    sheet = content_of(Initiative.objects.get())
    assert [(one["funder"], one["year"], one["amount_eur"]) for one in sheet["budget_lines"]] == [
        ("ARS", 2023, "120000.5"),
        ("Région ; et État", None, "90000"),
    ]
    assert sheet["figures"][0]["value"] == "1250"
    assert sheet["resources"][0]["url"] == "https://example.org/a;b?c=d"
    kinds = [(one["name"], one["kind"]) for one in sheet["holders"]]
    assert kinds == [("CC du Levant", "local_authority"), ("Asso", "association")]
    assert sheet["partners"] == [{"name": "Hôpital", "role": "prête une salle"}]
    assert sheet["milestones"] == [{"year": 2021, "text": "Premier passage"}]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("Budget, par financeur et par année", "ARS | ARS | 2023 | beaucoup", "nombre"),
        ("Budget, par financeur et par année", "ARS | ARS | 2023 | 1 | 200", "va de 0 à 100"),
        ("Chiffres d’activité et de résultat", "Activité | Vus", "« Valeur » est à remplir"),
        ("Partenaires", "a | b | c", "3 valeurs entre barres, 2 au plus"),
        ("Liens et documents en ligne", "Article | Un | javascript:alert(1)", "adresse"),
        ("Porteurs", "Asso | magicien", "pas dans la liste"),
    ],
)
def test_a_wrong_line_of_a_list_is_an_error_of_its_cell(
    shown_store: Store, column: str, cell: str, said: str
):
    batch = batch_of(xlsx([["Clé", "Titre", column], ["1", "Bus", cell]]))
    ((where, message),) = batch.rows.get().errors
    assert where == column
    assert said in message


def test_the_example_of_every_column_of_the_template_is_read_without_error(shown_store: Store):
    examples = {column.label: column.help.split("Exemple : ") for column in COLUMNS}
    cells = {name: told[1].split(". ")[0] for name, told in examples.items() if len(told) > 1}
    linked = start_draft(content={"title": "Autre"}, actor=MACHINE, at=AT)
    Initiative.objects.filter(pk=linked.pk).update(public_id="k3m9p7x2qa")
    batch = batch_of(xlsx([["Clé", "Titre", *cells], ["1", "Bus", *cells.values()]]))
    assert len(cells) == 8
    assert batch.rows.get().errors == []


def test_a_batch_is_stopped_between_groups_goes_on_or_is_undone(
    shown_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(running, "GROUP", 1)
    batch = batch_of(TABLE)
    assert not stop_batch(batch=batch, by=None, at=AT)
    start_batch(batch=batch, at=AT)
    assert running._run_group(batch, AT)
    assert stop_batch(batch=batch, by=None, at=AT)
    assert not running._run_group(batch, AT)
    assert run_batch(batch=batch, clock=lambda: AT).status == "stopped"
    assert start_batch(batch=batch, at=AT)
    assert stop_batch(batch=batch, by=None, at=AT)
    assert outcomes(undo(batch)) == ["undone", "waiting"]
    assert Initiative.objects.count() == 0


def test_a_batch_whose_worker_died_is_taken_up_once(shown_store: Store):
    batch = batch_of(TABLE)
    start_batch(batch=batch, at=AT)
    late = AT + steering.LOST_AFTER
    assert take_up_lost(at=late - timedelta(seconds=1)) == 0
    assert take_up_lost(at=late) == 1
    assert take_up_lost(at=late) == 0
    assert DBTaskResult.objects.get().args_kwargs["args"] == [batch.public_id]


def test_moderators_are_told_once_of_a_whole_file(shown_store: Store, administrator: User):
    importer = User.objects.create_user("importe@example.org", is_platform_administrator=True)
    run(TABLE, by=importer)
    run(TABLE, by=importer)
    notice = Notice.objects.get()
    assert (notice.user, notice.subject) == (administrator, "2 fiches importées à relire")


def test_an_importer_writes_on_their_own_territories_alone(shown_store: Store):
    user = User.objects.create_user("coordo@example.org")
    commune = Territory.objects.get(kind="commune", code="20001")
    TerritoryRole.objects.create(user=user, territory=commune, role="coordinator", given_at=AT)
    batch = run(TABLE, by=user)
    assert outcomes(batch) == ["created", "error"]


def test_the_pages_go_from_the_file_to_the_records_and_back(
    administrator: User, shown_store: Store
):
    client = Client()
    client.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    for file_format in ("csv", "xlsx"):
        assert (
            client.get(reverse("register:import_template", args=[file_format])).status_code == 200
        )
    url = reverse("register:imports")
    unknown = TABLE.replace("Titre", "Intitulé")

    def sent(**more: str) -> dict[str, Any]:
        file = SimpleUploadedFile("f.csv", unknown.encode())
        return {"fichier": file, "source": "S", "licence": "etalab-2.0"} | more

    assert "Aucune colonne ne donne le titre" in client.post(url, sent()).text
    page = client.post(url, sent(**{"colonne-1": "title"}), follow=True)
    assert "Importer 2 lignes" in page.text
    batch = ImportBatch.objects.get()
    client.post(reverse("register:run_import", args=[batch.public_id]))
    page = client.get(reverse("register:import_batch", args=[batch.public_id]))
    assert "Arrêter" in page.text
    stop = reverse("register:stop_import", args=[batch.public_id])
    assert "2 lignes à traiter" in client.post(stop, follow=True).text
    assert "pas en cours" in client.post(stop, follow=True).text
    client.post(reverse("register:run_import", args=[batch.public_id]))
    run_batch(batch=batch, clock=lambda: AT)
    shown = client.get(reverse("register:import_batch", args=[batch.public_id]))
    assert "Annuler cet import" in shown.text
    undone = reverse("register:undo_import", args=[batch.public_id])
    assert "Annulation en cours" in client.post(undone, follow=True).text
    assert "Reprendre l’annulation" in client.post(stop, follow=True).text
    client.post(undone)
    assert "est déjà annulé" in client.post(undone, follow=True).text
    undo_batch(batch=batch, clock=lambda: AT)
    assert "2 fiches examinées sur 2" in client.get(shown.request["PATH_INFO"]).text
    assert Initiative.objects.count() == 0


def test_a_stranger_imports_nothing_and_sees_no_batch(author: User, shown_store: Store):
    batch = batch_of(TABLE)
    client = Client()
    client.force_login(author, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("register:imports")).status_code == 404
    url = reverse("register:import_batch", args=[batch.public_id])
    assert client.get(url).status_code == 404


@pytest.mark.slow
def test_ten_thousand_rows_come_in_within_a_minute(shown_store: Store):
    lines = ["Clé;Titre;En une phrase;Thèmes;Territoires couverts;Porteurs"]
    lines += [
        f"k{n};Initiative numéro {n};Une phrase qui dit le soin {n}.;numérique;20001;CC {n % 50}"
        for n in range(10_000)
    ]
    started_s = perf_counter()
    batch = run("\n".join(lines))
    elapsed_s = perf_counter() - started_s
    assert batch.rows.filter(outcome=ImportRow.Outcome.CREATED).count() == 10_000
    assert batch.n_done == 10_000
    assert elapsed_s < 60
