//! Messages of the platform in XML: which fields an answer needs, and the answer. What somebody wrote is
//! not among them and is passed over.

use std::collections::HashMap;

use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// Fields of a message that are read at all.
const KNOWN: [&str; 5] = ["Encrypt", "ToUserName", "FromUserName", "CreateTime", "MsgId"];

/// A message, or the envelope of one.
pub struct Message(HashMap<String, String>);

impl Message {
    /// From a text; none where it is no message. What declares words of its own is none.
    #[must_use]
    pub fn read(xml: &str) -> Option<Self> {
        let mut reader = Reader::from_str(xml);
        let mut fields = HashMap::new();
        let mut open: Vec<String> = Vec::new();
        loop {
            let text = match reader.read_event().ok()? {
                Event::Eof => break,
                Event::DocType(_) => return None,
                Event::Start(start) => {
                    open.push(start.name().as_ref().to_owned());
                    continue;
                }
                Event::End(_) => {
                    open.pop()?;
                    continue;
                }
                Event::CData(text) => text.to_string(),
                Event::Text(text) => text.trim().to_owned(),
                _ => continue,
            };
            let [_, name] = open.as_slice() else { continue };
            if KNOWN.contains(&name.as_str()) {
                let field: &mut String = fields.entry(name.clone()).or_default();
                field.push_str(&text);
            }
        }
        (open.is_empty() && !fields.is_empty()).then_some(Self(fields))
    }

    /// A field; empty where there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// What a message is known by when it comes again: an event has no number.
    #[must_use]
    pub fn own(&self) -> String {
        match self.field("MsgId") {
            "" => format!("{} {}", self.field("FromUserName"), self.field("CreateTime")),
            number => number.to_owned(),
        }
    }

    /// The answer to whoever wrote.
    #[must_use]
    pub fn answer(&self, words: &str, seconds: i64) -> String {
        let (to, from) = (cdata(self.field("FromUserName")), cdata(self.field("ToUserName")));
        let words = cdata(words);
        format!(
            "<xml><ToUserName>{to}</ToUserName><FromUserName>{from}</FromUserName>\
             <CreateTime>{seconds}</CreateTime><MsgType><![CDATA[text]]></MsgType>\
             <Content>{words}</Content></xml>"
        )
    }
}

/// A text that cannot end its own frame.
#[must_use]
pub fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", ""))
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn fields_are_read_and_what_was_written_is_not() {
        let xml = "<?xml version=\"1.0\"?>\n<xml>\n <FromUserName><![CDATA[o1]]></FromUserName>\n \
                   <CreateTime> 7 </CreateTime><Content><![CDATA[<MsgId>9</MsgId>]]></Content>\
                   <Deep><MsgId>8</MsgId></Deep></xml>";
        let message = Message::read(xml).unwrap();
        assert_eq!(message.own(), "o1 7");
        assert_eq!(message.field("Content"), "");
        let numbered = Message::read(&xml.replace("<Deep>", "<MsgId>5</MsgId><Deep>")).unwrap();
        assert_eq!(numbered.own(), "5");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let doctype = "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><MsgId>1</MsgId></xml>";
        let open = "<xml><MsgId>1</MsgId>";
        for text in ["", "text", "<xml></xml>", "<xml><MsgId>1</xml>", open, "</xml>", doctype] {
            assert!(Message::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_answer_cannot_be_broken_out_of() {
        let text = "<xml><FromUserName>o]]&gt;</FromUserName><MsgId>1</MsgId></xml>";
        let answer = Message::read(text).unwrap().answer("a]]></Content>b", 3);
        assert!(answer.contains("<Content><![CDATA[a</Content>b]]></Content>"), "{answer}");
        assert_eq!(Message::read(&answer).unwrap().field("CreateTime"), "3");
    }
}
