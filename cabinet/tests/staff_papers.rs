//! Pictures that the staff put beside what they decide on: made anew, sealed, opened with a reason that is read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::adjustment::{self, Cause, Change, Reason};
use cabinet::staff::papers::{self, About};
use cabinet::staff::{Role, Staff};
use cabinet::support::{self as desk, Asked, Kind};
use cabinet::{AdjustmentId, BorrowerId, CabinetError, Lang, LoanId, diary, document};
use image::{ImageFormat, RgbImage};
use sea_orm::ConnectionTrait;
use support::journey::PHONE;
use support::{World, on_both};
use uuid::Uuid;

const WHY: &str = "сверяю решение суда с заявкой";

fn picture() -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    RgbImage::new(640, 480)
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
    let mut bytes = file.into_inner();
    // What hides behind the last pixel is not kept.
    bytes.extend_from_slice(b"<script>alert(1)</script>");
    bytes
}

async fn asked(world: &World, by: &Staff, of: (BorrowerId, LoanId)) -> AdjustmentId {
    let reason = Reason {
        cause: Some(Cause::Death),
        note: "умер заёмщик, сообщила дочь".into(),
        evidence: "Свидетельство о смерти II-МЮ № 1".into(),
    };
    adjustment::propose(&world.cab, by, of, Change::WholeDebt, reason)
        .await
        .unwrap()
}

fn code<T: std::fmt::Debug>(done: Result<T, CabinetError>) -> String {
    match done.expect_err("refused") {
        CabinetError::Fields(fields) => fields[0].code.to_owned(),
        other => other.code().to_owned(),
    }
}

#[test]
fn a_picture_beside_a_write_off_is_made_anew_and_read_with_a_reason_that_stands_in_the_diary() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = world.lent(PHONE, 10_000, 30).await;
        world.days(40);
        let payments = world.hired("payments", Role::Payments).await;
        let chief = world.hired("chief", Role::Chief).await;
        let id = asked(&world, &payments, of).await;
        let about = About::Adjustment(id);
        let kept = papers::add(cab, &payments, about, picture()).await.unwrap();
        for (file, why) in [
            (Vec::new(), "upload_empty"),
            (b"%PDF-1.7".to_vec(), "upload_kind"),
        ] {
            assert_eq!(code(papers::add(cab, &payments, about, file).await), why);
        }
        let sql = format!("SELECT body FROM staff_paper WHERE id = '{kept}'");
        let statement = sea_orm::Statement::from_string(cab.db().backend(), sql);
        let row = cab.db().read().query_one_raw(statement).await.unwrap();
        let body: String = row.unwrap().try_get("", "body").unwrap();
        assert!(!body.contains("script"), "sealed");

        // Nobody looks without saying why, and every look is read by whose paper it is.
        assert!(!papers::is_open(cab, &chief, about).await.unwrap());
        assert_eq!(
            code(papers::read(cab, &chief, about, kept).await),
            "staff_reason"
        );
        let short = papers::open_adjustment(cab, &chief, "надо", id).await;
        assert_eq!(code(short), "staff_reason");
        papers::open_adjustment(cab, &chief, WHY, id).await.unwrap();
        let jpeg = papers::read(cab, &chief, about, kept).await.unwrap();
        assert_eq!(jpeg[..3], [0xff, 0xd8, 0xff], "a picture of our own");
        assert!(!jpeg.windows(8).any(|bytes| bytes == b"<script>"));
        let seen = diary::lines(cab, of.0).await.unwrap();
        let looks = seen.iter().filter(|line| line.what == "staff_paper_seen");
        assert_eq!(looks.count(), 2, "opened, and looked at");
        assert!(seen.iter().any(|line| line.what == "staff_paper_added"));
        world.days(1);
        assert_eq!(
            code(papers::read(cab, &chief, about, kept).await),
            "staff_reason",
            "a quarter of an hour, and it asks again"
        );

        // Other roles neither add nor look; another object does not open it.
        let support = world.hired("support", Role::Support).await;
        let auditor = world.hired("auditor", Role::Auditor).await;
        for by in [&support, &auditor] {
            let added = papers::add(cab, by, about, picture()).await;
            assert_eq!(code(added), "staff_role");
        }
        assert_eq!(code(papers::list(cab, &support, about).await), "staff_role");
        assert_eq!(
            code(papers::read(cab, &support, about, kept).await),
            "staff_role"
        );
        assert_eq!(papers::list(cab, &auditor, about).await.unwrap().len(), 1);
        let nothing = About::Adjustment(Uuid::nil().into());
        assert_eq!(
            code(papers::add(cab, &payments, nothing, picture()).await),
            "not_found"
        );

        // What is decided takes no more; the person takes it along.
        adjustment::approve(cab, &chief, id).await.unwrap();
        assert_eq!(
            code(papers::add(cab, &payments, about, picture()).await),
            "not_found"
        );
        let taken = document::export::export(cab, of.0).await.unwrap();
        let mine = &taken.access.staff_papers;
        assert_eq!((mine.len(), mine[0].about.as_str()), (1, "adjustment"));
    });
}

#[test]
fn a_picture_beside_an_appeal_opens_with_it_and_for_no_role_that_sees_passports_masked() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, loan) = world.lent(PHONE, 10_000, 30).await;
        let typed = Asked {
            loan: loan.to_string(),
            text: "Проверьте, пожалуйста, проценты".into(),
            ..Asked::default()
        };
        let id = desk::ask(cab, borrower, Kind::Debt, &typed, Lang::Ru)
            .await
            .unwrap();
        let support = world.hired("support", Role::Support).await;
        let auditor = world.hired("auditor", Role::Auditor).await;
        let about = About::Appeal(id);
        let kept = papers::add(cab, &support, about, picture()).await.unwrap();
        assert_eq!(
            code(papers::read(cab, &support, about, kept).await),
            "staff_reason"
        );
        for by in [&support, &auditor] {
            desk::open(cab, by, WHY, id).await.unwrap();
        }
        papers::read(cab, &support, about, kept).await.unwrap();
        assert_eq!(
            code(papers::read(cab, &auditor, about, kept).await),
            "staff_role"
        );
        let other = About::Request(Uuid::nil().into());
        assert_ne!(code(papers::read(cab, &support, other, kept).await), "");
        for _ in 1..12 {
            papers::add(cab, &support, about, picture()).await.unwrap();
        }
        assert_eq!(
            code(papers::add(cab, &support, about, picture()).await),
            "upload_many"
        );
        assert_eq!(papers::list(cab, &auditor, about).await.unwrap().len(), 12);
    });
}
