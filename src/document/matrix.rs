//! Goal matrix: priorities by service areas, with notes in its cells.

use serde::Serialize;

use super::merge::Merged;
use super::{ViewContext, blocks};
use crate::model::Id;
use crate::model::markup::plain;
use crate::model::round::{Priority, Round};
use crate::model::session::Note;

/// A matrix as slides show it.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// Names of the service areas.
    pub columns: Vec<String>,
    pub rows: Vec<MatrixRow>,
}

/// One priority.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixRow {
    /// The priority's name, when the slide shows more than one.
    pub head: Option<String>,
    /// One cell for each column.
    pub cells: Vec<Cell>,
    /// Notes that span adjacent columns.
    pub wide: Vec<Wide>,
    /// Notes that concern the whole row.
    pub across: Vec<Merged>,
}

/// One cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    pub goal: Option<String>,
    pub background: Option<String>,
    pub notes: Vec<Merged>,
}

/// Notes across the columns `from` to `to`, from 0 and inclusive.
#[derive(Debug, Clone, Serialize)]
pub struct Wide {
    pub from: usize,
    pub to: usize,
    pub notes: Vec<Merged>,
}

/// The place of a note in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    Cell(usize),
    /// Adjacent columns, inclusive.
    Span(usize, usize),
    /// The whole row.
    Across,
    /// Columns that are not adjacent.
    Scattered(Vec<usize>),
}

/// Names of the service areas of a round.
pub fn columns(round: &Round) -> Vec<String> {
    round.service_areas.iter().map(|area| area.name.to_string()).collect()
}

/// The goals of a priority, one cell for each service area.
pub fn goal_cells(
    round: &Round,
    priority: &Id,
    background: bool,
    context: &ViewContext<'_>,
) -> Vec<Cell> {
    round
        .service_areas
        .iter()
        .map(|area| {
            let goal = round.goal(priority, &area.id);
            let said = goal.map(|goal| blocks::goal(goal, round, context));
            let (goal, reason) = said.unzip();
            let background = reason.flatten().filter(|_| background);
            Cell { goal, background, notes: Vec::new() }
        })
        .collect()
}

/// The place of a note of this priority; `None` for a note of another priority.
pub fn position(note: &Note, priority: &Id, round: &Round) -> Option<Position> {
    if note.priority.as_ref() != Some(priority) {
        return None;
    }
    let areas = note.areas();
    let mut columns: Vec<usize> = round
        .service_areas
        .iter()
        .enumerate()
        .filter(|(_, area)| areas.contains(&&area.id))
        .map(|(index, _)| index)
        .collect();
    columns.dedup();
    Some(match columns.as_slice() {
        [] => Position::Across,
        [only] => Position::Cell(*only),
        [first, .., last] if columns.len() == round.service_areas.len() && *first < *last => {
            Position::Across
        }
        [first, .., last] if last - first + 1 == columns.len() => Position::Span(*first, *last),
        _ => Position::Scattered(columns),
    })
}

/// A row of the matrix, with the notes that `notes` returns for each position.
pub fn row(
    round: &Round,
    priority: &Priority,
    head: Option<String>,
    all_notes: &[&Note],
    context: &ViewContext<'_>,
    notes: impl Fn(&dyn Fn(&Note) -> bool) -> Vec<Merged>,
) -> MatrixRow {
    let at = |wanted: &Position| {
        notes(&|note: &Note| position(note, &priority.id, round).as_ref() == Some(wanted))
    };
    let mut cells = goal_cells(round, &priority.id, false, context);
    for (index, cell) in cells.iter_mut().enumerate() {
        cell.notes = at(&Position::Cell(index));
    }
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut scattered: Vec<Vec<usize>> = Vec::new();
    for note in all_notes {
        match position(note, &priority.id, round) {
            Some(Position::Span(from, to)) => spans.push((from, to)),
            Some(Position::Scattered(columns)) => scattered.push(columns),
            _ => {}
        }
    }
    spans.sort_unstable();
    spans.dedup();
    scattered.sort();
    scattered.dedup();
    let wide = spans
        .into_iter()
        .map(|(from, to)| Wide { from, to, notes: at(&Position::Span(from, to)) })
        .filter(|wide| !wide.notes.is_empty())
        .collect();
    let mut across = at(&Position::Across);
    for columns in scattered {
        let names: Vec<&str> =
            columns.iter().map(|column| round.service_areas[*column].name.as_str()).collect();
        let names = context.locale.list(&names);
        across.extend(
            at(&Position::Scattered(columns))
                .into_iter()
                .map(|note| Merged { text: format!("{}: {}", plain(&names), note.text), ..note }),
        );
    }
    MatrixRow { head, cells, wide, across }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Long, Record};

    fn round() -> Round {
        let json = r#"{"kind":"round","id":"r","language":"fi","title":"R","years":{"from":2025},
            "authority":{"name":"A"},"priorities":[{"id":"p","name":"P"}],
            "service_areas":[{"id":"a","name":"A"},{"id":"b","name":"B"},{"id":"c","name":"C"}]}"#;
        match Record::from_json(json) {
            Ok(Record::Round(round)) => round,
            other => panic!("{other:?}"),
        }
    }

    fn at(areas: &[&str]) -> Option<Position> {
        let note = Note {
            priority: Id::parse("p"),
            service_area: None,
            service_areas: areas.iter().filter_map(|area| Id::parse(area)).collect(),
            sector: None,
            municipality: None,
            topic: None,
            text: Long::parse("x").unwrap(),
            secret: false,
        };
        position(&note, &Id::parse("p").unwrap(), &round())
    }

    #[test]
    fn notes_find_their_columns() {
        assert_eq!(at(&[]), Some(Position::Across));
        assert_eq!(at(&["b"]), Some(Position::Cell(1)));
        assert_eq!(at(&["b", "a"]), Some(Position::Span(0, 1)));
        assert_eq!(at(&["a", "c"]), Some(Position::Scattered(vec![0, 2])));
        assert_eq!(at(&["a", "b", "c"]), Some(Position::Across));
    }
}
