"""Writes workbooks laid out as DREES lays out its own, with invented figures."""

from pathlib import Path

import xlsxwriter

GP_HEADER = (
    "Code commune INSEE",
    "Commune",
    "APL aux médecins généralistes",
    "APL aux médecins généralistes de moins de 65 ans",
    "Population standardisée 2021 pour la médecine générale",
    "Population totale 2021",
)
GP_UNIT = "En nombre de consultations/visites accessibles par habitant standardisé"
FTE_UNIT = "En ETP pour 100 000 habitants standardisés"
GP_ROWS = (
    ("01001", "L'Abergement-Clémenciat", 1.942, 1.881, 838.2, 832),
    ("75101", "Paris 1er Arrondissement", 4, 3.5, 15000.5, 15917),
)


def sheet_rows(header=GP_HEADER, rows=GP_ROWS, *, unit=GP_UNIT, vintage="Millésime : 2023"):
    """Return the rows of a sheet: eight lines of notes, header, units, data."""
    units = ["", "", *([unit] * (len(header) - 2))]
    title = [["Indicateur d'accessibilité potentielle localisée (APL)"], [""], [vintage]]
    notes = [["Sources : …"], ["Champ : …"], ["Lecture : …"], ["Note : …"], [""]]
    return [*title, *notes, list(header), units, *[list(row) for row in rows]]


PARAMETERS = [
    ["Paramètres de l'indicateur d'APL aux médecins généralistes"],
    ["Champ de l'indicateur"],
    ["Omnipraticiens libéraux."],
    ["Comptabilisation de l'activité"],
    ["Nombre de consultations, visites et téléconsultations effectuées", "comptabilisées"],
    ["Moins de 250", 0],
    ["Entre 251 et 3 600", 3600],
    ["Entre 3 601 et 6 000", "Nombre de consultations"],
    ["Plus de 6 000", 6000],
    ["Exceptions : une offre de 5 400 consultations est imputée"],
    ["Décroissance de l'accessibilité avec la distance"],
    ["Temps de trajet entre communes", "Accessibilité"],
    ["Moins de  10 minutes", 1],
    ["Entre 10 et 15 minutes", 2 / 3],
    ["Plus de 15 minutes", 0],
    ["Pondération de la population selon l'âge"],
    ["Tranche d'âge", "Poids de la tranche d'âge en 2022", "Poids de la tranche d'âge en 2023"],
    ["Moins de 5 ans", 0.93, 1.12],
    ["de 5 à 9 ans", 0.59, 0.58],
    ["Plus de 10 ans", 1.06, 1.03],
    ["Sources : DCIR."],
]


def write(path: Path, sheets) -> Path:
    """Write {name of sheet: rows} to `path`; returns `path`."""
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    return path
