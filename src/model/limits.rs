//! Limits of numbers, kept while a record is read, and of lists, kept by a look
//! over its text. The same limits stand in the JSON Schema.

use schemars::Schema;
use schemars::transform::{RecursiveTransform, Transform};
use serde::de::{Deserialize, Deserializer, Error};

/// Most items of any list in a record.
pub const LIST_LIMIT: usize = 10_000;

/// Says in a schema, of each of its lists, how long it may be.
pub fn lists_in(schema: &mut Schema) {
    let mut limit = RecursiveTransform(|part: &mut Schema| {
        let of = |sort: &serde_json::Value| match sort {
            serde_json::Value::Array(sorts) => sorts.iter().any(|one| one == "array"),
            one => one == "array",
        };
        if part.get("type").is_some_and(of) && part.get("maxItems").is_none() {
            part.insert("maxItems".into(), LIST_LIMIT.into());
        }
    });
    limit.transform(schema);
}

/// A whole number from `MIN` to `MAX`.
pub fn within<'de, const MIN: i64, const MAX: i64, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + TryInto<i64> + Copy,
    D: Deserializer<'de>,
{
    let value = T::deserialize(deserializer)?;
    let inside = value.try_into().is_ok_and(|value: i64| (MIN..=MAX).contains(&value));
    if inside { Ok(value) } else { Err(D::Error::custom(format!("must be from {MIN} to {MAX}"))) }
}

/// As [`within`], for a field that may be left out.
pub fn within_option<'de, const MIN: i64, const MAX: i64, T, D>(
    deserializer: D,
) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de> + TryInto<i64> + Copy,
    D: Deserializer<'de>,
{
    let value = Option::<T>::deserialize(deserializer)?;
    let inside =
        value.is_none_or(|value| value.try_into().is_ok_and(|v: i64| (MIN..=MAX).contains(&v)));
    if inside { Ok(value) } else { Err(D::Error::custom(format!("must be from {MIN} to {MAX}"))) }
}

/// A list with something in it.
pub fn not_empty<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let list = Vec::<T>::deserialize(deserializer)?;
    if list.is_empty() { Err(D::Error::custom("must not be empty")) } else { Ok(list) }
}
