//! Balance tables: from text to seconds and centimetres, or to seconds and m/s².
//!
//! The heading names the columns and their units (`t_s,ml_cm,ap_cm`, `Time [ms];COP ML [mm];COP AP [mm]`, …). A column
//! without a unit is refused rather than guessed. `x` and `y` are not recognised, because plates disagree on which is
//! sideways; [`parse_columns`] takes names chosen by a person. An accelerometer's columns are `ax, ay, az` (`acc_x [g]`, …);
//! without a unit they are m/s², because the gate on gravity finds out where that is wrong.

use crate::balance::Trace;
use crate::balance::accel::Shake;
use crate::error::Error;

/// Largest text read.
pub const MAX_BYTES: usize = 64 << 20;
/// Most rows read.
pub const MAX_ROWS: usize = 1_000_000;

const TIME: Wanted = Wanted {
    label: "time",
    names: &["t", "time", "zeit", "tiempo", "temps"],
    units: &[("s", 1.0), ("sec", 1.0), ("ms", 1e-3)],
    example: "t_s",
};
const ML: Wanted =
    Wanted { label: "sideways sway (ML)", names: &["ml", "copml", "mediolateral"], units: LENGTHS, example: "ml_cm" };
const AP: Wanted =
    Wanted { label: "forward sway (AP)", names: &["ap", "copap", "anteroposterior"], units: LENGTHS, example: "ap_cm" };
const LENGTHS: &[(&str, f64)] = &[("cm", 1.0), ("mm", 0.1), ("m", 100.0)];

const ACCELERATIONS: &[(&str, f64)] = &[("ms2", 1.0), ("ms²", 1.0), ("g", 9.806_65), ("mg", 9.806_65e-3)];
const AXES: [Wanted; 3] = [
    Wanted {
        label: "acceleration x",
        names: &["ax", "accx", "accelx", "accelerometerx", "accelerationx"],
        units: ACCELERATIONS,
        example: "ax_m/s2",
    },
    Wanted {
        label: "acceleration y",
        names: &["ay", "accy", "accely", "accelerometery", "accelerationy"],
        units: ACCELERATIONS,
        example: "ay_m/s2",
    },
    Wanted {
        label: "acceleration z",
        names: &["az", "accz", "accelz", "accelerometerz", "accelerationz"],
        units: ACCELERATIONS,
        example: "az_m/s2",
    },
];

/// A balance trial of either kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Balance {
    /// Centre of pressure.
    Plate(Trace),
    /// Accelerometer at the small of the back.
    Trunk(Shake),
}

/// Reads a table of whichever kind its heading names: acceleration along three axes, else a centre of pressure.
///
/// # Errors
/// As [`parse`].
pub fn parse_either(text: &str) -> Result<Balance, Error> {
    let table = Table::open(text)?;
    let is_trunk = AXES.iter().any(|axis| table.headings.iter().any(|h| acceleration(h, axis).is_some()));
    if is_trunk { parse_shake(text).map(Balance::Trunk) } else { parse(text).map(Balance::Plate) }
}

/// Reads a table whose heading names time and acceleration along three axes.
///
/// # Errors
/// Everything in [`Error`] that speaks of columns, rows, units and size.
pub fn parse_shake(text: &str) -> Result<Shake, Error> {
    let table = Table::open(text)?;
    let [x, y, z] = &AXES;
    let columns = [table.find(&TIME)?, table.accelerated(x)?, table.accelerated(y)?, table.accelerated(z)?];
    let [t, x, y, z] = table.read(columns)?;
    Ok(Shake { t, axes: [x, y, z] })
}

/// A column to be found.
struct Wanted {
    label: &'static str,
    names: &'static [&'static str],
    /// Unit and factor to seconds or centimetres.
    units: &'static [(&'static str, f64)],
    example: &'static str,
}

/// A column found.
#[derive(Clone, Copy)]
struct Column {
    index: usize,
    factor: f64,
    label: &'static str,
}

/// Reads a table whose heading names time, ML and AP.
///
/// # Errors
/// Everything in [`Error`] that speaks of columns, rows, units and size.
pub fn parse(text: &str) -> Result<Trace, Error> {
    let table = Table::open(text)?;
    let columns = [table.find(&TIME)?, table.find(&ML)?, table.find(&AP)?];
    table.read(columns).map(trace)
}

fn trace([t, ml, ap]: [Vec<f64>; 3]) -> Trace {
    Trace { t, ml, ap }
}

/// Reads a table by the exact headings of its time, ML and AP columns; the units still stand in the headings.
///
/// # Errors
/// As [`parse`], and [`Error::UnknownColumn`].
pub fn parse_columns(text: &str, time: &str, ml: &str, ap: &str) -> Result<Trace, Error> {
    let table = Table::open(text)?;
    let columns = [table.named(time, &TIME)?, table.named(ml, &ML)?, table.named(ap, &AP)?];
    table.read(columns).map(trace)
}

/// The headings of a table, for a person to choose from.
///
/// # Errors
/// If the text is too large or empty.
pub fn headings(text: &str) -> Result<Vec<String>, Error> {
    Ok(Table::open(text)?.headings.into_iter().map(str::to_owned).collect())
}

struct Table<'a> {
    separator: char,
    headings: Vec<&'a str>,
    /// Lines after the heading with their number from 1.
    rows: Vec<(usize, &'a str)>,
}

impl<'a> Table<'a> {
    fn open(text: &'a str) -> Result<Self, Error> {
        if text.len() > MAX_BYTES {
            return Err(Error::TooLarge { bytes: text.len(), limit: MAX_BYTES });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_content = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
        let mut lines = text.lines().enumerate().filter(|(_, l)| is_content(l)).map(|(i, l)| (i + 1, l));
        let (_, heading) = lines.next().ok_or(Error::Empty)?;
        let separator = [';', '\t'].into_iter().find(|s| heading.contains(*s)).unwrap_or(',');
        let rows: Vec<_> = lines.take(MAX_ROWS + 1).collect();
        if rows.is_empty() {
            return Err(Error::Empty);
        }
        if rows.len() > MAX_ROWS {
            return Err(Error::TooManyRows { limit: MAX_ROWS });
        }
        Ok(Self { separator, headings: heading.split(separator).map(unquote).collect(), rows })
    }

    /// The one column whose words name what is wanted.
    fn find(&self, wanted: &Wanted) -> Result<Column, Error> {
        let is_named = |h: &&str| words(h).iter().any(|w| wanted.names.contains(&w.as_str()));
        let mut found = self.headings.iter().enumerate().filter(|(_, h)| is_named(h));
        let missing = Error::MissingColumn { column: wanted.label, example: wanted.example };
        let (index, heading) = found.next().ok_or(missing)?;
        if found.next().is_some() {
            return Err(Error::DuplicateColumn { column: wanted.label });
        }
        column(index, heading, wanted)
    }

    fn named(&self, name: &str, wanted: &Wanted) -> Result<Column, Error> {
        let index = self.headings.iter().position(|h| *h == name.trim());
        let index = index.ok_or_else(|| Error::UnknownColumn { name: name.to_owned() })?;
        column(index, self.headings[index], wanted)
    }

    /// The one column that names this axis of acceleration.
    fn accelerated(&self, wanted: &Wanted) -> Result<Column, Error> {
        let all = self.headings.iter().enumerate();
        let mut found = all.filter_map(|(index, h)| acceleration(h, wanted).map(|factor| (index, factor)));
        let missing = Error::MissingColumn { column: wanted.label, example: wanted.example };
        let (index, factor) = found.next().ok_or(missing)?;
        if found.next().is_some() {
            return Err(Error::DuplicateColumn { column: wanted.label });
        }
        Ok(Column { index, factor, label: wanted.label })
    }

    /// Columns of values; the first is the time and must ascend.
    fn read<const N: usize>(&self, columns: [Column; N]) -> Result<[Vec<f64>; N], Error> {
        let mut all = [const { Vec::new() }; N];
        for (row, line) in &self.rows {
            let cells: Vec<&str> = line.split(self.separator).map(unquote).collect();
            for (i, (column, values)) in columns.iter().zip(&mut all).enumerate() {
                let value = self.value(*row, &cells, *column)?;
                if i == 0 && values.last().is_some_and(|last| value <= *last) {
                    return Err(Error::TimeNotIncreasing { row: *row });
                }
                values.push(value);
            }
        }
        Ok(all)
    }

    fn value(&self, row: usize, cells: &[&str], column: Column) -> Result<f64, Error> {
        let cell = cells.get(column.index).ok_or(Error::ShortRow { row, cells: cells.len() })?;
        // Where the comma does not separate cells it can only be the decimal sign.
        let number = if self.separator == ',' { cell.parse::<f64>() } else { cell.replace(',', ".").parse() };
        let value = number.unwrap_or(f64::NAN) * column.factor;
        if value.is_finite() { Ok(value) } else { Err(Error::NotANumber { row, column: column.label }) }
    }
}

fn column(index: usize, heading: &str, wanted: &Wanted) -> Result<Column, Error> {
    let words = words(heading);
    let unit = words.iter().rev().find_map(|w| wanted.units.iter().find(|(name, _)| name == w));
    let missing = || Error::MissingUnit { name: heading.chars().take(40).collect(), example: wanted.example };
    let (_, factor) = unit.ok_or_else(missing)?;
    Ok(Column { index, factor: *factor, label: wanted.label })
}

/// Factor to m/s² of a heading that names this axis: `ax`, `acc_x [g]`, `Accelerometer X (m/s^2)`.
fn acceleration(heading: &str, wanted: &Wanted) -> Option<f64> {
    let joined = words(heading).concat();
    let name = wanted.names.iter().filter(|name| joined.starts_with(**name)).max_by_key(|name| name.len())?;
    let unit = &joined[name.len()..];
    if unit.is_empty() {
        return Some(1.0);
    }
    wanted.units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor)
}

/// Lower-case words of a heading: `COP ML [mm]` gives cop, ml, mm.
fn words(heading: &str) -> Vec<String> {
    let parts = heading.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    parts.map(str::to_lowercase).collect()
}

fn unquote(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_headings_and_units_are_read() {
        let expected = Trace { t: vec![0.0, 0.01], ml: vec![1.5, 2.5], ap: vec![-0.5, 0.25] };
        let comma = "t_s,ml_cm,ap_cm\n0,1.5,-0.5\n0.01,2.5,0.25\n";
        let semicolon = "\u{feff}# plate\nTime [ms];COP ML [mm];COP AP [mm]\n0;15,0;-5,0\n10;25,0;2,5\n";
        let tab = "AP(m)\tfoo\tml(m)\ttime(sec)\n-0.005\t9\t0.015\t0\n0.0025\t9\t0.025\t0.01\n";
        for text in [comma, semicolon, tab] {
            let read = parse(text).unwrap();
            for (a, b) in [(&read.t, &expected.t), (&read.ml, &expected.ml), (&read.ap, &expected.ap)] {
                assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-12) && a.len() == b.len(), "{text}");
            }
        }
    }

    #[test]
    fn columns_can_be_chosen_by_a_person() {
        let text = "Time[s]\tCOPx[cm]\tCOPy[cm]\n0.010\t-7.9\t0.99\n0.020\t-7.8\t0.98\n";
        assert!(matches!(parse(text), Err(Error::MissingColumn { .. })));
        let read = parse_columns(text, "Time[s]", "COPy[cm]", "COPx[cm]").unwrap();
        assert_eq!(read.ml, [0.99, 0.98]);
        assert_eq!(headings(text).unwrap(), ["Time[s]", "COPx[cm]", "COPy[cm]"]);
        assert!(matches!(parse_columns(text, "t", "a", "b"), Err(Error::UnknownColumn { .. })));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_row() {
        let cases = [
            ("", "holds no data"),
            ("t_s,ml_cm,ap_cm\n", "holds no data"),
            ("t_s,ml_cm\n0,1\n", "no column for forward sway (AP)"),
            ("t,ml_cm,ap_cm\n0,1,1\n", "\"t\" states no unit"),
            ("t_s,ml,ap_cm\n0,1,1\n", "\"ml\" states no unit"),
            ("t_s,ml_cm,ml_mm,ap_cm\n0,1,1,1\n", "more than one column for sideways sway (ML)"),
            ("t_s,ml_cm,ap_cm\n0,1,1\n0.01,x,1\n", "row 3: the value for sideways sway (ML) is not a number"),
            ("t_s,ml_cm,ap_cm\n0,1,NaN\n", "row 2: the value for forward sway (AP)"),
            ("t_s,ml_cm,ap_cm\n0,inf,1\n", "row 2"),
            ("t_s,ml_cm,ap_cm\n0,1e308,1\n0,1,1\n", "row 3: the time does not increase"),
            ("t_s,ml_cm,ap_cm\n\n0,1\n", "row 3 has only 2 cells"),
        ];
        for (text, says) in cases {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text:?} gave {error:?}");
        }
    }

    #[test]
    fn an_accelerometer_is_known_by_its_columns_and_units() {
        let plain = "t_s,ax,ay,az\n0,0.5,9.8,0\n0.02,0.5,9.8,0.1\n";
        let named = "Time (s);Accelerometer X (m/s^2);Accelerometer Y (m/s²);Accelerometer Z (m/s2)\n0;0,5;9,8;0\n0,02;0,5;9,8;0,1\n";
        for text in [plain, named] {
            let Ok(Balance::Trunk(shake)) = parse_either(text) else { panic!("{text}") };
            assert_eq!((shake.t, shake.axes[1].clone()), (vec![0.0, 0.02], vec![9.8, 9.8]));
        }
        let Ok(Balance::Trunk(shake)) = parse_either("t_ms,acc_x [g],acc_y [g],acc_z [g]\n0,0,1,0\n10,0,1,0\n") else {
            panic!("in units of gravity")
        };
        assert_eq!((shake.t[1], shake.axes[1][0]), (0.01, 9.806_65));
        assert!(matches!(parse_either("t_s,ml_cm,ap_cm\n0,1,2\n"), Ok(Balance::Plate(_))));
        assert!(matches!(parse_either("t_s,ax,ay\n0,1,2\n"), Err(Error::MissingColumn { .. })));
        assert!(matches!(parse_either("t_s,force\n0,1\n"), Err(Error::MissingColumn { .. })));
    }

    #[test]
    fn a_flood_of_rows_is_refused() {
        let mut text = String::from("t_s,ml_cm,ap_cm\n");
        text.push_str(&"0,0,0\n".repeat(MAX_ROWS + 1));
        assert_eq!(parse(&text), Err(Error::TooManyRows { limit: MAX_ROWS }));
    }
}
