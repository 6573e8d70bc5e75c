//! What an operator says of a message: the two fields of SMPP 3.4 where it sends them, else the line of the
//! specification's appendix B, `id:… stat:DELIVRD …`.

use cabinet::ports::SmsReceipt;
use rusmpp::pdus::DeliverSm;
use rusmpp::tlvs::TlvValue;
use rusmpp::values::{MessageState, MessageType};

/// What the ledger knows a part by.
pub fn name(id: &str) -> String {
    format!("smpp:{id}")
}

/// A final word on a message; nothing for a message on its way, and for what people write.
pub fn read(message: &DeliverSm) -> Option<SmsReceipt> {
    if message.esm_class.message_type != MessageType::ShortMessageContainsMCDeliveryReceipt {
        return None;
    }
    let values = || message.tlvs().iter().filter_map(|field| field.value());
    let id = values().find_map(|value| match value {
        TlvValue::ReceiptedMessageId(id) => Some(id.as_str().to_owned()),
        _ => None,
    });
    let state = values().find_map(|value| match value {
        TlvValue::MessageState(state) => Some(*state),
        _ => None,
    });
    let text = String::from_utf8_lossy(message.short_message().as_ref()).into_owned();
    let id = id.or_else(|| word(&text, "id:").map(str::to_owned))?;
    let arrived = match state {
        Some(state) => by_state(state),
        None => word(&text, "stat:").and_then(by_word),
    }?;
    Some(SmsReceipt {
        gateway_id: name(&id),
        arrived,
    })
}

/// What follows a key, up to the next space.
fn word<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.split_whitespace()
        .find_map(|part| part.strip_prefix(key))
        .filter(|value| !value.is_empty())
}

const fn by_state(state: MessageState) -> Option<bool> {
    match state {
        MessageState::Delivered => Some(true),
        MessageState::Expired
        | MessageState::Deleted
        | MessageState::Undeliverable
        | MessageState::Rejected => Some(false),
        _ => None,
    }
}

fn by_word(word: &str) -> Option<bool> {
    match word {
        "DELIVRD" => Some(true),
        "EXPIRED" | "DELETED" | "UNDELIV" | "REJECTD" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rusmpp::tlvs::MessageDeliveryRequestTlvValue as Field;
    use rusmpp::types::{COctetString, OctetString};
    use rusmpp::values::EsmClass;

    use super::*;

    fn told(class: u8, text: &str) -> DeliverSm {
        DeliverSm::builder()
            .esm_class(EsmClass::from(class))
            .short_message(OctetString::from_slice(text.as_bytes()).expect("text"))
            .build()
    }

    #[test]
    fn the_line_of_the_specification_is_read() {
        let line = |stat: &str| {
            format!(
                "id:4f2a sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:{stat} err:000 text:id:x stat:y"
            )
        };
        for (stat, arrived) in [
            ("DELIVRD", Some(true)),
            ("UNDELIV", Some(false)),
            ("EXPIRED", Some(false)),
            ("REJECTD", Some(false)),
            ("ENROUTE", None),
            ("ACCEPTD", None),
        ] {
            let receipt = read(&told(4, &line(stat)));
            assert_eq!(receipt.map(|one| one.arrived), arrived, "{stat}");
        }
        let receipt = read(&told(4, &line("DELIVRD"))).expect("a receipt");
        assert_eq!(receipt.gateway_id, "smpp:4f2a");
        // The same words in a message of a person are no receipt.
        assert_eq!(read(&told(0, &line("DELIVRD"))), None);
        assert_eq!(read(&told(4, "stat:DELIVRD")), None);
    }

    #[test]
    fn the_fields_go_before_the_line() {
        let mut message = told(4, "id:other stat:DELIVRD");
        let id = COctetString::from_static_slice(b"77\0").expect("id");
        message.push_tlv(Field::ReceiptedMessageId(id));
        message.push_tlv(Field::MessageState(MessageState::Undeliverable));
        let receipt = read(&message).expect("a receipt");
        assert_eq!(
            (receipt.gateway_id.as_str(), receipt.arrived),
            ("smpp:77", false)
        );
    }
}
