//! Just enough Rust to tell code from comments, texts and tests. Byte positions never move:
//! what is left out becomes spaces, so a line number found in a view is one of the file.

/// What to leave out of a view of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// Comments only: texts in quotes stay.
    Comments,
    /// Comments and texts in quotes.
    CommentsAndTexts,
}

/// A view of a file without comments, and without texts where asked.
#[must_use]
pub fn view(source: &str, leave: Leave) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while !rest.is_empty() {
        let (length, kind) = token(rest, out.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        let (head, tail) = rest.split_at(length);
        let blank = match kind {
            Token::Comment => true,
            Token::Text => leave == Leave::CommentsAndTexts,
            Token::Code => false,
        };
        if blank {
            // One space for each byte, so that positions stay.
            head.bytes().for_each(|b| out.push(if b == b'\n' { '\n' } else { ' ' }));
        } else {
            out.push_str(head);
        }
        rest = tail;
    }
    out
}

/// A view without comments, texts and tests: what the product runs.
#[must_use]
pub fn product(source: &str) -> String {
    let mut code = view(source, Leave::CommentsAndTexts);
    blank_tests(&mut code);
    code
}

/// A view without comments and tests, texts kept.
#[must_use]
pub fn product_with_texts(source: &str) -> String {
    let code = view(source, Leave::CommentsAndTexts);
    let mut texts = view(source, Leave::Comments);
    for (start, end) in tests_in(&code) {
        blank(&mut texts, start, end);
    }
    texts
}

/// All texts in quotes outside tests, with their positions.
#[must_use]
pub fn product_texts(source: &str) -> Vec<(usize, &str)> {
    let tests = tests_in(&view(source, Leave::CommentsAndTexts));
    let in_test = |at: &usize| tests.iter().any(|(start, end)| (start..end).contains(&at));
    texts(source).into_iter().filter(|(at, _)| !in_test(at)).collect()
}

/// All texts in quotes, with their positions. Escapes are kept as written.
#[must_use]
pub fn texts(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut at, mut after_word) = (0, false);
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, kind) = token(rest, after_word);
        let token = rest.get(..length).unwrap_or_default();
        if kind == Token::Text
            && let (Some(open), Some(close)) = (token.find('"'), token.rfind('"'))
            && open < close
        {
            found.push((at + open + 1, token.get(open + 1..close).unwrap_or_default()));
        }
        after_word = token.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        at += length;
    }
    found
}

/// The position after the bracket that closes the one at `open`, in a view without texts.
#[must_use]
pub fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in code.get(open..)?.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(open + at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Functions with a body: name, position of `fn`, end of the body.
#[must_use]
pub fn functions(code: &str) -> Vec<(&str, usize, usize)> {
    let mut found = Vec::new();
    for start in crate::words(code, "fn") {
        let Some(after) = code.get(start + 2..).map(str::trim_start) else { continue };
        let name =
            after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        // `fn(` is a type; a `;` before the body is a declaration.
        let Some(open) = code.get(start..).and_then(body_start) else { continue };
        if let Some(end) = closing(code, start + open).filter(|_| !name.is_empty()) {
            found.push((name, start, end));
        }
    }
    found
}

fn body_start(from_fn: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, c) in from_fn.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Code,
    Comment,
    Text,
}

/// Length and kind of the piece at the start of a text.
fn token(rest: &str, after_word: bool) -> (usize, Token) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Token::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Token::Comment);
    }
    if !after_word && let Some(length) = raw_text(rest) {
        return (length, Token::Text);
    }
    if rest.starts_with('"') {
        return (quoted(rest), Token::Text);
    }
    if rest.starts_with('\'')
        && let Some(length) = character(rest)
    {
        return (length, Token::Text);
    }
    (rest.chars().next().map_or(1, char::len_utf8), Token::Code)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(tail) = rest.get(at..).filter(|t| !t.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn raw_text(rest: &str) -> Option<usize> {
    let start = rest.strip_prefix('b').or_else(|| rest.strip_prefix('c')).unwrap_or(rest);
    let after = start.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after.get(hashes..)?.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close)?;
    Some(rest.len() - body.len() + end + close.len())
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `'a'` and `'\n'`, but not the lifetime `'a`.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        let (_, _) = chars.next()?;
        return rest.get(3..)?.find('\'').map(|at| at + 4);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 1)
}

fn blank_tests(code: &mut String) {
    for (start, end) in tests_in(code) {
        blank(code, start, end);
    }
}

fn tests_in(code: &str) -> Vec<(usize, usize)> {
    let marks = code.match_indices("#[cfg(test)]").map(|(at, _)| at);
    marks
        .filter_map(|start| {
            let open = start + code.get(start..)?.find(['{', ';'])?;
            let end =
                if code.get(open..)?.starts_with('{') { closing(code, open)? } else { open + 1 };
            Some((start, end))
        })
        .collect()
}

fn blank(text: &mut String, start: usize, end: usize) {
    if let Some(part) = text.get(start..end) {
        let spaces: String = part.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
        text.replace_range(start..end, &spaces);
    }
}

#[cfg(test)]
mod tests {
    use super::{Leave, functions, product, product_with_texts, texts, view};

    #[test]
    fn code_is_told_from_comments_and_texts() {
        for (source, expect) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (r#"f("x // y", 'z')"#, "f(        ,    )"),
            (r##"g(r#"a " b"#)"##, "g(          )"),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
            (r"h('\'', '\u{1f}')", "h(    ,         )"),
            (r#"for"x""#, "for   "),
            ("\"名\" x", "      x"),
        ] {
            assert_eq!(view(source, Leave::CommentsAndTexts), expect, "{source}");
        }
        assert_eq!(view("f(\"x\") // y", Leave::Comments), "f(\"x\")     ");
    }

    #[test]
    fn tests_are_left_out() {
        let source = "let a = \"t\";\n#[cfg(test)]\nmod tests { fn f() { \"}\" } }\nlet b;";
        assert!(product(source).contains("let b;") && !product(source).contains("mod tests"));
        assert!(product_with_texts(source).contains("\"t\""));
        assert_eq!(product(source).len(), source.len());
        assert!(product("#[cfg(test)]\nmod tests;\nlet b;").contains("let b;"));
    }

    #[test]
    fn texts_and_functions_are_found() {
        assert_eq!(texts("f(\"a\", r\"b\") // \"c\""), [(3, "a"), (9, "b")]);
        let code = "trait T { fn a(); }\nfn b(x: fn(u8) -> [u8; 2]) -> u8 {\n 1\n}\nlet f: fn(u8);";
        let found: Vec<_> = functions(code).into_iter().map(|(n, s, e)| (n, &code[s..e])).collect();
        assert_eq!(found, [("b", "fn b(x: fn(u8) -> [u8; 2]) -> u8 {\n 1\n}")]);
    }
}
