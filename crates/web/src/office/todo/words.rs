//! Words that somebody waits for: answers to villagers, to the supervision committee, to requests.

use registry::queries::inquiries::open;
use registry::queries::office::{DueLine, dues, questions};

use super::{Task, Waiting};
use crate::error::Error;
use crate::office::inquiries::waits_for;
use crate::office::matters::{MATTER, READ};
use crate::office::questions::{ANSWER, QUESTION};
use crate::office::requests::REQUEST;

/// Letters of a question that the list shows.
const LETTERS: usize = 40;

impl Waiting<'_> {
    /// Answers that the reader owes.
    pub(super) async fn words(&self) -> Result<Vec<Task>, Error> {
        let (room, desk) = (self.room, &self.room.desk);
        let by = desk.by(READ, MATTER, self.path)?;
        let dues = dues(room.db(), &by, self.path).await?;
        let mut tasks = Vec::new();
        if desk.may_at(ANSWER, QUESTION, self.path) {
            tasks.extend(self.questions(&dues).await?);
        }
        if desk.may_at(ANSWER, REQUEST, self.path) {
            let asked =
                dues.iter().filter_map(|due| Some((due, due.subject.strip_prefix("request/")?)));
            tasks.extend(asked.map(|(due, number)| {
                let title = room.ui.with("web-task-request", &[("number", number)]);
                self.word("request", due, title, format!("/office/requests#{number}"))
            }));
        }
        for inquiry in open(room.db(), &by, self.path).await? {
            let subject = format!("inquiry/{}", inquiry.id);
            let due = dues.iter().find(|due| due.subject == subject);
            if let Some(due) = due.filter(|_| waits_for(desk, self.places, &inquiry)) {
                let words = [("title", inquiry.title.as_str()), ("text", &short(&inquiry.text))];
                let title = room.ui.with("web-task-inquiry", &words);
                tasks.push(self.word(
                    "inquiry",
                    due,
                    title,
                    format!("/office/inquiries#{}", inquiry.id),
                ));
            }
        }
        Ok(tasks)
    }

    /// Questions of villagers; the township sees those that the village has not answered in time.
    async fn questions(&self, dues: &[DueLine]) -> Result<Vec<Task>, Error> {
        let above = self.room.desk.is_above();
        let mine = dues.iter().filter(|due| !above || due.level != "village");
        let asked = mine.filter_map(|due| {
            let own = due.subject.strip_prefix("question/");
            let number = own.or_else(|| due.subject.split_once("/question/").map(|(_, n)| n));
            Some((due, number?))
        });
        let asked: Vec<(&DueLine, &str)> = asked.collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let by = self.room.desk.by(ANSWER, QUESTION, self.path)?;
        let texts = questions(self.room.db(), &by, self.path).await?;
        let text = |number: &str| {
            let found = texts.iter().find(|one| one.number == number);
            found.map_or_else(|| number.to_owned(), |one| short(&one.text))
        };
        let task = |(due, number): (&DueLine, &str)| {
            self.word("question", due, text(number), format!("/office/questions#{number}"))
        };
        Ok(asked.into_iter().map(task).collect())
    }

    fn word(&self, kind: &'static str, due: &DueLine, title: String, address: String) -> Task {
        Task {
            kind,
            stage: "answer".to_owned(),
            title,
            place: self.places.name(&due.place).to_owned(),
            address,
            matter: due.number.clone(),
            due: Some(due.due_day.clone()),
            why: self.room.ui.why(&due.by_rule, &due.start_day),
        }
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_long_question_is_cut_between_letters() {
        assert_eq!(short("为什么？"), "为什么？");
        assert_eq!(short(&"长".repeat(50)).chars().count(), 41);
    }
}
