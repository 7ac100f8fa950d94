"""Tables: what a file counts as, and how a bad one is refused."""

import csv

import pytest

import mitheory as mt


def write(folder, text, name="t.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_equals_counting_the_columns():
    path = "validation/data/ucb_admissions.csv"
    with open(path) as file:
        header, *rows = list(csv.reader(file))
    columns = {
        name: list(column) for name, column in zip(header, zip(*rows, strict=True), strict=True)
    }
    counts = mt.count_table(path, label="admitted")
    direct = mt.count(columns["department"], columns["gender"], columns["admitted"])
    assert counts.names == ("department", "gender", "admitted")
    assert counts.table().tolist() == direct.table().tolist()
    # Bickel, Hammel and O'Connell (1975): 4526 applicants to six departments, 1755 admitted
    assert counts.n == 4526
    assert counts.marginal("admitted").counts.tolist() == [2771, 1755]


def test_columns_are_chosen_and_the_label_comes_last(tmp_path):
    path = write(tmp_path, "a,b,c\n1,x,u\n1,y,u\n2,y,v\n")
    assert mt.count_table(path).names == ("a", "b", "c")
    assert mt.count_table(path, label="a").names == ("b", "c", "a")
    assert mt.count_table(path, ["c"], label="a").names == ("c", "a")
    assert mt.count_table(path, ["c", "a"], label="a").names == ("c", "a")
    with pytest.raises(ValueError, match="columns must name each column once; 'a' is named twice"):
        mt.count_table(path, ["a", "b", "a"])


def test_quotes_tabs_byte_order_marks_and_blank_lines(tmp_path):
    path = write(tmp_path, 'a,b\n"x,1",2\n\n"x,1",2\n', encoding="utf-8-sig")
    counts = mt.count_table(path)
    assert counts.names == ("a", "b")
    assert counts.symbols[0].tolist() == ["x,1"]
    assert counts.n == 2
    assert mt.count_table(write(tmp_path, "a\tb\nx,1\t2\n", "t.tsv")).symbols[0].tolist() == ["x,1"]


def test_empty_fields_can_be_a_symbol(tmp_path):
    counts = mt.count_table(write(tmp_path, "a,b\n,1\nx,1\n"), missing="symbol")
    assert counts.symbols[0].tolist() == ["x", None]


@pytest.mark.parametrize("field", ["", "  ", "nan", "NaN", " NAN "])
def test_missing_fields_have_several_spellings(tmp_path, field):
    path = write(tmp_path, f"a,b\n{field},1\nx,1\nnano,1\n")
    assert mt.count_table(path, missing="symbol").symbols[0].tolist() == ["nano", "x", None]
    with pytest.raises(ValueError, match=rf"column 'a' must not have .* has '{field}' there"):
        mt.count_table(path)


def test_white_space_around_fields_is_dropped(tmp_path):
    counts = mt.count_table(write(tmp_path, "a , b\nx, yes\nx ,yes \n x,yes\n"), label="b")
    assert counts.names == ("a", "b")
    assert counts.counts.tolist() == [3]
    assert [s.tolist() for s in counts.symbols] == [["x"], ["yes"]]
    with pytest.raises(ValueError, match="'a' is named twice"):
        mt.count_table(write(tmp_path, "a, a\n1,2\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with a line that names its columns; it is empty"),
        ("a,b\n", "t.csv must hold at least one row; it has none"),
        ("a,a\n1,2\n", "'a' is named twice"),
        ("a,b\n1,2\n1\n", "must have 2 fields, as its header; row 3 has 1"),
        ("a,b\n1,\n", "column 'b' must not have missing values; row 2 of t.csv"),
        ('a,b\n1,"x\n', "not well-formed"),
        (f"a,b\n1,{'x' * 200_000}\n", r"field limit \(131072\) .a quote that is not closed\?"),
        ("c,d\n1,2\n", "unknown column of t.csv 'b'; known: c, d"),
    ],
)
def test_bad_files(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        mt.count_table(write(tmp_path, text), label="b")


def test_other_bad_sources(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: '.*none\.csv'"):
        mt.count_table(tmp_path / "none.csv")
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: '.*folder'"):
        mt.count_table(tmp_path / "folder")
    with pytest.raises(ValueError, match=r"must be a \.csv or \.tsv .* file; got 't\.xls'"):
        mt.count_table(write(tmp_path, "", "t.xls"))
    with pytest.raises(ValueError, match="must be UTF-8 text"):
        mt.count_table(write(tmp_path, "a,b\né,1\n", encoding="latin-1"))
    with pytest.raises(ValueError, match="needs at least one other column"):
        mt.count_table(write(tmp_path, "b\n1\n"), label="b")
    with pytest.raises(ValueError, match="unknown missing"):
        mt.count_table(write(tmp_path, "b\n1\n"), missing="drop")


def test_cells_must_have_counts():
    with pytest.raises(ValueError, match="positive; got 0 at index 1"):
        mt.Counts.from_cells([["a", "b"]], [1, 0], ("x",))
