//! Where in a lender's file a key stands, so that a complaint can name its line.

/// The line (from 1) of `key` in the table `table` (`products.short.promo` means the promo of the
/// product whose code is `short`); the table's own line when the key is missing; 1 at worst.
pub(super) fn line(text: &str, table: &str, key: &str) -> usize {
    let (mut current, mut product) = (String::new(), None::<String>);
    let codes = codes(text);
    let mut index = 0;
    let mut table_line = None;
    for (number, line) in text
        .lines()
        .enumerate()
        .map(|(n, line)| (n + 1, line.trim()))
    {
        if line == "[[products]]" {
            product = codes.get(index).cloned();
            index += 1;
            current = format!("products.{}", product.as_deref().unwrap_or_default());
        } else if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            current = match (name.strip_prefix("products."), &product) {
                (Some(rest), Some(product)) => format!("products.{product}.{rest}"),
                _ => name.to_owned(),
            };
        }
        if current == table {
            table_line = table_line.or(Some(number));
            if line
                .split_once('=')
                .is_some_and(|(name, _)| name.trim() == key)
            {
                return number;
            }
        }
    }
    table_line.unwrap_or(1)
}

/// The codes of the products in order.
fn codes(text: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for line in text.lines().map(str::trim) {
        if line == "[[products]]" {
            codes.push(String::new());
        }
        let value = line
            .split_once('=')
            .filter(|(name, _)| name.trim() == "code");
        if let (Some((_, value)), Some(last)) = (value, codes.last_mut())
            && last.is_empty()
        {
            value.trim().trim_matches('"').clone_into(last);
        }
    }
    codes
}
