//! How the calculator's data travel to the browser: one value a line, in the order of the fields.
//!
//! A general format costs more to read than the calculator itself: with `serde_json` its reader alone was a fifth of what
//! a first visit downloads. Both ends are one build of this file, so the order of fields is agreement enough.

use lending::{AnnualRate, DailyRate, Kopecks, Product, ProductKind, Promo, SpecialPrice};

use super::calculator::{CalculatorData, CalculatorWords, Offer, PromoWords};
use crate::ui::plural::Plural;

/// What is left to read.
pub type Lines<'a> = std::str::Split<'a, char>;

/// A value of one or several lines.
pub trait Packed: Sized {
    /// Writes its lines, each with its end.
    fn pack(&self, out: &mut String);
    /// Reads its lines; `None` when they are not what was written.
    fn unpack(lines: &mut Lines<'_>) -> Option<Self>;
}

/// The whole of it as text.
pub fn pack(data: &CalculatorData) -> String {
    let mut out = String::new();
    data.pack(&mut out);
    out
}

/// Back from [`pack`]'s text.
pub fn unpack(text: &str) -> Option<CalculatorData> {
    Packed::unpack(&mut text.split('\n'))
}

impl Packed for String {
    fn pack(&self, out: &mut String) {
        // A line's end inside a value would shift all that follow.
        out.push_str(&self.replace('\n', " "));
        out.push('\n');
    }
    fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
        lines.next().map(Self::from)
    }
}

impl Packed for i64 {
    fn pack(&self, out: &mut String) {
        self.to_string().pack(out);
    }
    fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
        lines.next()?.parse().ok()
    }
}

/// What is a whole number at heart.
macro_rules! numbers {
    ($($type:ty: $to:expr, $from:expr;)+) => {$(
        impl Packed for $type {
            fn pack(&self, out: &mut String) {
                let to: fn(Self) -> i64 = $to;
                to(*self).pack(out);
            }
            fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
                let from: fn(i64) -> Option<Self> = $from;
                from(i64::unpack(lines)?)
            }
        }
    )+};
}

numbers! {
    u32: i64::from, |number| number.try_into().ok();
    i32: i64::from, |number| number.try_into().ok();
    usize: |number| i64::try_from(number).unwrap_or(i64::MAX), |number| number.try_into().ok();
    bool: i64::from, |number| Some(number != 0);
    Kopecks: Self::get, |number| Some(Self::new(number));
    DailyRate: |rate| rate.ppm().into(), |number| number.try_into().ok().map(Self::from_ppm);
    AnnualRate: |rate| rate.ppm().into(), |number| number.try_into().ok().map(Self::from_ppm);
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, out: &mut String) {
        self.is_some().pack(out);
        if let Some(value) = self {
            value.pack(out);
        }
    }
    fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
        if bool::unpack(lines)? {
            T::unpack(lines).map(Some)
        } else {
            Some(None)
        }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, out: &mut String) {
        self.len().pack(out);
        for value in self {
            value.pack(out);
        }
    }
    fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
        let count = usize::unpack(lines)?;
        (0..count).map(|_| T::unpack(lines)).collect()
    }
}

impl<const N: usize> Packed for [String; N] {
    fn pack(&self, out: &mut String) {
        for value in self {
            value.pack(out);
        }
    }
    fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
        let mut values = [const { String::new() }; N];
        for value in &mut values {
            *value = String::unpack(lines)?;
        }
        Some(values)
    }
}

impl Packed for ProductKind {
    fn pack(&self, out: &mut String) {
        let (kind, days): (u32, u32) = match self {
            Self::Bullet => (0, 0),
            Self::EveryNDays { days } => (1, *days),
            Self::Monthly => (2, 0),
            Self::Special => (3, 0),
        };
        kind.pack(out);
        days.pack(out);
    }
    fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
        let (kind, days) = (u32::unpack(lines)?, u32::unpack(lines)?);
        match kind {
            0 => Some(Self::Bullet),
            1 => Some(Self::EveryNDays { days }),
            2 => Some(Self::Monthly),
            3 => Some(Self::Special),
            _ => None,
        }
    }
}

impl Packed for SpecialPrice {
    fn pack(&self, out: &mut String) {
        let (fixed, number) = match self {
            Self::Fixed { amount } => (true, amount.get()),
            Self::Share { ppm } => (false, i64::from(*ppm)),
        };
        fixed.pack(out);
        number.pack(out);
    }
    fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
        let (fixed, number) = (bool::unpack(lines)?, i64::unpack(lines)?);
        if fixed {
            let amount = Kopecks::new(number);
            Some(Self::Fixed { amount })
        } else {
            let ppm = number.try_into().ok()?;
            Some(Self::Share { ppm })
        }
    }
}

/// Field after field; a field that is forgotten here does not compile.
macro_rules! packed {
    ($($type:ident { $($field:ident),+ $(,)? })+) => {$(
        impl Packed for $type {
            fn pack(&self, out: &mut String) {
                let Self { $($field),+ } = self;
                $($field.pack(out);)+
            }
            fn unpack(lines: &mut Lines<'_>) -> Option<Self> {
                Some(Self { $($field: Packed::unpack(lines)?),+ })
            }
        }
    )+};
}

packed! {
    CalculatorData { offers, start, first_loan, offer, amount, term, amount_moved, term_moved, words }
    Offer { product, title, amount_note, term_note, ends, steps, promo }
    PromoWords { granted, amount_above, term_above, set, href }
    Plural { forms, slavic }
    CalculatorWords {
        kind, amount, days_label, payments_label, days, payments, count, date, weekdays, months, due, due_parts,
        on_card, each, overpayment, overpayment_days, services, services_none, rate, rate_day, rate_year, rate_fixed,
        psk, psk_year, psk_roubles, apply, earlier, cap, refused,
    }
    Product {
        code, kind, min_amount, max_amount, amount_step, min_term, max_term, daily_rate, annual_rate, special_price,
        promo, penalty_rate, shift_days_off,
    }
    Promo { daily_rate, max_amount, max_days, first_loan_only }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back<T: Packed + PartialEq + std::fmt::Debug>(value: &T) {
        let mut text = String::new();
        value.pack(&mut text);
        let mut lines = text.split('\n');
        assert_eq!(T::unpack(&mut lines).as_ref(), Some(value), "{text}");
        assert_eq!(lines.next(), Some(""), "everything is read: {text}");
        assert_eq!(lines.next(), None);
    }

    fn product(kind: ProductKind) -> Product {
        Product {
            code: "short".into(),
            kind,
            min_amount: Kopecks::from_roubles(1000),
            max_amount: Kopecks::from_roubles(30_000),
            amount_step: Kopecks::new(50),
            min_term: 7,
            max_term: 45,
            daily_rate: DailyRate::from_ppm(8000),
            annual_rate: Some(AnnualRate::from_ppm(200_000)),
            special_price: Some(SpecialPrice::Share { ppm: 150_000 }),
            promo: Some(Promo {
                daily_rate: DailyRate::ZERO,
                max_amount: Kopecks::from_roubles(15_000),
                max_days: 20,
                first_loan_only: true,
            }),
            penalty_rate: AnnualRate::from_ppm(200_000),
            shift_days_off: false,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for kind in [
            ProductKind::Bullet,
            ProductKind::EveryNDays { days: 14 },
            ProductKind::Monthly,
            ProductKind::Special,
        ] {
            back(&product(kind));
        }
        back(&SpecialPrice::Fixed {
            amount: Kopecks::new(-1),
        });
        back(&vec![String::from("«да»"), String::new()]);
        back(&[String::from("а"), String::from("б")]);
        back(&None::<Promo>);
        back(&(u32::MAX));
        back(&i64::MIN);
    }

    #[test]
    fn a_line_end_inside_a_value_shifts_nothing() {
        let mut text = String::new();
        vec![String::from("две\nстроки"), String::from("одна")].pack(&mut text);
        assert_eq!(text, "2\nдве строки\nодна\n");
    }

    #[test]
    fn what_was_not_written_is_refused() {
        for text in ["", "9\n0\n", "x\n0\n", "-1\n0\n", "1\n4294967296\n"] {
            assert_eq!(ProductKind::unpack(&mut text.split('\n')), None, "{text}");
        }
        assert!(unpack("1\nshort\n").is_none());
    }
}
