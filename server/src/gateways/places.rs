//! Where a network address is, from a file of the MaxMind DB format: `GeoLite2` City, DB-IP City Lite and others are
//! given away in it. Nobody outside is asked.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use cabinet::ports::Places;
use maxminddb::Reader;
use serde::Deserialize;

use super::settings::GatewayError;

/// The file, read into memory once.
pub struct PlacesFile(Reader<Vec<u8>>);

#[derive(Default, Deserialize)]
struct Record {
    #[serde(default)]
    city: Named,
    #[serde(default)]
    subdivisions: Vec<Named>,
    #[serde(default)]
    country: Named,
}

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default)]
    names: BTreeMap<String, String>,
}

impl Named {
    /// In Russian where the file has it.
    fn text(&self) -> Option<&String> {
        self.names.get("ru").or_else(|| self.names.get("en"))
    }
}

impl PlacesFile {
    /// Reads a file; a file of something else than places is refused as well.
    pub fn open(path: &Path) -> Result<Self, GatewayError> {
        let wrong = |problem: String| GatewayError::Wrong {
            flag: "places-file",
            problem: format!(
                "{}: {problem}; give a file of places such as GeoLite2-City.mmdb",
                path.display()
            ),
        };
        let reader = Reader::open_readfile(path).map_err(|error| wrong(error.to_string()))?;
        let kind = reader.metadata().database_type.clone();
        if !["City", "Location", "Country", "Enterprise"]
            .iter()
            .any(|known| kind.contains(known))
        {
            return Err(wrong(format!("it holds `{kind}`")));
        }
        Ok(Self(reader))
    }
}

impl Places for PlacesFile {
    fn place(&self, ip: &str) -> Option<String> {
        let ip: IpAddr = ip.parse().ok()?;
        let record: Record = self.0.lookup(ip.to_canonical()).ok()?.decode().ok()??;
        let near = record
            .city
            .text()
            .or_else(|| record.subdivisions.first()?.text());
        let parts = [near, record.country.text()];
        let place = parts.into_iter().flatten().cloned().collect::<Vec<_>>();
        (!place.is_empty()).then(|| place.join(", "))
    }
}
