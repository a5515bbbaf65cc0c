//! Statements as text: names with their schema, values as literals that pgbench leaves alone.

/// Words after which a table is named.
const BEFORE_TABLES: [&str; 4] = ["FROM", "JOIN", "INTO", "UPDATE"];

/// The statement on one line, its tables with their schema: pgbench's clients work for all services.
pub fn qualified(sql: &str, schema: &str, tables: &[String]) -> String {
    let (mut out, mut before) = (String::new(), String::new());
    for token in tokens(sql) {
        let name = token.trim_matches('"');
        if BEFORE_TABLES.contains(&before.as_str()) && tables.iter().any(|table| table == name) {
            out.push_str(schema);
            out.push('.');
        }
        match token.trim().is_empty() {
            true => out.push(' '),
            false => {
                // Joins stand in parentheses.
                if token != "(" {
                    before = token.to_ascii_uppercase();
                }
                out.push_str(&token);
            }
        }
    }
    out
}

/// The statement with `value(0)` for `$1`, and so on.
pub fn with_values(sql: &str, value: impl Fn(usize) -> Option<String>) -> String {
    let mut out = String::new();
    for token in tokens(sql) {
        let number = token
            .strip_prefix('$')
            .and_then(|n| n.parse::<usize>().ok());
        match number.and_then(|n| value(n.checked_sub(1)?)) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&token),
        }
    }
    out
}

/// Words, quoted texts, white space, and everything else by the character.
fn tokens(sql: &str) -> Vec<String> {
    let (mut tokens, mut characters) = (Vec::new(), sql.chars().peekable());
    while let Some(first) = characters.next() {
        let mut token = String::from(first);
        match first {
            '\'' | '"' => {
                while let Some(c) = characters.next_if(|c| *c != first) {
                    token.push(c);
                }
                token.extend(characters.next());
            }
            c if c.is_whitespace() => while characters.next_if(|c| c.is_whitespace()).is_some() {},
            c if is_word(c) => {
                while let Some(c) = characters.next_if(|c| is_word(*c)) {
                    token.push(c);
                }
            }
            _ => {}
        }
        tokens.push(token);
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// A value. Ids that begin with `prefix` begin with pgbench's variable `p` instead; what is one of `numbers` is that variable.
pub fn literal(value: Option<&str>, prefix: &str, numbers: &[String]) -> String {
    let Some(value) = value else {
        return "NULL".to_owned();
    };
    if numbers.iter().any(|number| number == value) {
        return "(:p::text)".to_owned();
    }
    if is_uuid(value)
        && let Some(rest) = value.strip_prefix(prefix)
    {
        return format!("(:p::text || '{rest}')::uuid");
    }
    let ids = if value.starts_with('{') {
        elements(value)
    } else {
        Vec::new()
    };
    if ids.iter().any(|id| id.starts_with(prefix))
        && ids.iter().all(|id| is_uuid(id) || id == "NULL")
    {
        return format!("replace('{value}', '{prefix}-', :p::text || '-')::uuid[]");
    }
    quoted(value)
}

/// A text in which pgbench finds no variables.
fn quoted(value: &str) -> String {
    let mut out = String::from("E'");
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            ':' => out.push_str("\\x3a"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.chars().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

/// The elements of PostgreSQL's text form of an array, each as it is written there.
pub fn elements(array: &str) -> Vec<String> {
    let inner = array
        .trim_start_matches('{')
        .strip_suffix('}')
        .unwrap_or_default();
    let (mut all, mut one, mut inside, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in inner.chars() {
        match c {
            ',' if !inside => {
                all.push(std::mem::take(&mut one));
                continue;
            }
            '"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        one.push(c);
    }
    if !inner.is_empty() {
        all.push(one);
    }
    all
}

/// The text form of an array with these elements.
pub fn array(elements: &[String]) -> String {
    format!("{{{}}}", elements.join(","))
}
