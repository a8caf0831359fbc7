//! Large numbers in little room.
//!
//! Owns how many digits are shown. Knows no units.

/// A number in at most three characters and its unit, of which the first one is for the number as
/// it is, and each next one for `step` of the one before it: `4.6 MiB`, `173 MiB`, `663k`.
#[must_use]
pub fn rounded(mut number: f64, units: &[&str], step: f64) -> String {
    let mut units = units.iter();
    let mut unit = units.next().copied().unwrap_or_default();
    let mut digits = 0;
    while number >= 999.5
        && let Some(next) = units.next()
    {
        (number, unit) = (number / step, next);
        digits = usize::from(number < 9.95);
    }
    format!("{number:.digits$}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_at_most_three_characters() {
        let bytes = |number| rounded(number, &[" B", " KiB", " MiB"], 1024.0);
        let count = |number| rounded(number, &["", "k", "M"], 1000.0);
        for (number, of_bytes, of_count) in [
            (0.0, "0 B", "0"),
            (999.0, "999 B", "999"),
            (1000.0, "1.0 KiB", "1.0k"),
            (10_188.0, "9.9 KiB", "10k"),
            (663_421.0, "648 KiB", "663k"),
            (181_403_648.0, "173 MiB", "181M"),
            (5e9, "4768 MiB", "5000M"),
        ] {
            assert_eq!((&*bytes(number), &*count(number)), (of_bytes, of_count));
        }
    }
}
