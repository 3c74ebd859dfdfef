//! The daily manifest of a village: how many live notices it has, and the root over them. A notice
//! that is left out or taken away later shows, not only one that was changed.

use domain::problem::Failure;
use journal::{Hash, VillageManifest};
use serde_json::json;
use sqlx::Row;

use super::write;
use crate::Registry;
use crate::access::By;
use crate::db::failure;
use crate::tx::{Entry, Now};

impl Registry {
    /// Writes the manifests of a day, once for each village that has notices. Returns how many.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn write_manifests(&self, now: Now) -> Result<usize, Failure> {
        let during = |error| failure("read notices", error);
        let mut tx = self.begin(By::system(), now, "daily manifest").await?;
        let text = "select distinct n.place from notices n where n.place not in \
                    (select m.place from manifests m where m.day = $1) order by n.place";
        let rows = sqlx::query(text).bind(now.day.to_string()).fetch_all(tx.connection()).await;
        let rows = rows.map_err(during)?;
        if rows.is_empty() {
            return Ok(0);
        }
        for row in &rows {
            let place: String = row.try_get("place").map_err(during)?;
            let text = "select v.body from notices n join notice_versions v on v.notice = n.id \
                        where n.place = $1 and v.version = (select max(w.version) from notice_versions w \
                        where w.notice = n.id) order by n.number";
            let bodies = sqlx::query(text).bind(place.clone()).fetch_all(tx.connection()).await;
            let bodies = bodies.map_err(during)?;
            let mut digests = Vec::with_capacity(bodies.len());
            for body in &bodies {
                digests
                    .push(Hash::of(body.try_get::<String, _>("body").map_err(during)?.as_bytes()));
            }
            let manifest = VillageManifest::of(digests);
            let (id, root) = (tx.new_id()?, manifest.root.to_hex());
            let records = crate::tx::index(manifest.count)?;
            tx.record_manifest(&place, manifest).await?;
            let text =
                "insert into manifests (id, place, day, records, root) values ($1, $2, $3, $4, $5)";
            write!(tx, text, id.clone(), place, now.day.to_string(), records, root)?;
            tx.touch("manifests", &id)?;
        }
        let payload = json!({ "villages": rows.len() });
        tx.commit(Entry::new("manifests-written", &now.day.to_string(), payload)).await?;
        Ok(rows.len())
    }
}
