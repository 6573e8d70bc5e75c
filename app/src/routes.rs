//! Every page and its address.

use leptos::prelude::*;

use crate::access::identity::{
    IdentityLinkPage, IdentityPhonePage, IdentityReturnPage, IdentityStoppedPage,
};
use crate::access::pages::{CodePage, PhonePage};
use crate::access::password_pages::{
    EmailConfirmedPage, EmailLinkPage, ForgotPage, InUsePage, NewPasswordPage, NoCabinetPage,
    PasswordLinkPage, PersonExistsPage, RegisterPage, SentPage,
};
use crate::access::security::{ConfirmPage, ProofPage, SecurityPage};
use crate::agent::pages::{AgentPage, ClientsPage, StatementsPage};
use crate::agent::payouts::PayoutsPage;
use crate::application::offer::pages::OfferPage;
use crate::application::pages::{ApplyPage, LandingPage, ReviewPage};
use crate::application::status::StatusPage;
use crate::autopay::pages::AutopayPage;
use crate::bonus::invite::{CameByPage, InvitePage};
use crate::bonus::pages::BonusesPage;
use crate::document::pages::{CertificatePage, DocumentPage};
use crate::document::{DocumentsPage, PublicPage, VerifyPage, VerifyTokenPage};
use crate::draw::pages::DrawsPage;
use crate::loan::home::HomePage;
use crate::loan::pages::LoanPage;
use crate::notice::pages::NoticesPage;
use crate::payment::early::{EarlyPage, QuotePage};
use crate::payment::link::{LinksPage, PayByLinkPage, PayerPage};
use crate::payment::pages::PayPage;
use crate::payment::transfer::TransferPage;
use crate::payment::truth::PaymentPage;
use crate::payout::pages::CardReturnPage;
use crate::payout::ways::WaysPage;
use crate::person::pages::{ConsentsPage, ProfilePage};
use crate::person::phone::{HoldPage, OwnPhonePage, PhoneChangePage, RequestPage};
use crate::person::{ClosingPage, DiaryPage, PapersPage};
use crate::profile::legal::LegalPage;
use crate::profile::pages::{EditPage, StepPage};
use crate::prolongation::pages::ProlongPage;
use crate::prolongation::signing::ProlongationPage;
use crate::promotion::pages::OffersPage;
use crate::pwa::pages::GoPage;
use crate::refund::pages::RefundPage;
use crate::service::pages::ServicesPage;
use crate::support::accessibility::AccessibilityPage;
use crate::support::appeals::{AppealPage, AppealsPage, NewAppealPage};
use crate::support::chat::ChatPage;
use crate::support::feedback::{FeedbackPage, FeedbackSentPage};
use crate::support::pages::HelpPage;
use crate::ui::layout::Frame;
use crate::ui::page::page;
use crate::ui::specimens::SpecimensPage;
use crate::works::WorksPage;

/// One page.
#[derive(Clone, Copy)]
pub struct Place {
    /// Its route, as axum writes it.
    pub path: &'static str,
    /// Makes it.
    pub view: fn() -> AnyView,
}

macro_rules! places {
    ($($path:literal => $view:ident,)*) => { &[WORKS, $(place!($path, $view)),*] };
}

macro_rules! place {
    ($path:literal, $view:ident) => {
        Place {
            path: $path,
            view: || $view().into_any(),
        }
    };
}

/// Technical works. Also what answers a form while they last.
pub const WORKS: Place = place!("/works", WorksPage);

/// What answers an address that is none of ours: it says so, with its status.
pub fn nowhere() -> AnyView {
    page(|_| async { Err(cabinet::CabinetError::NotFound.into()) }).into_any()
}

/// Every page.
pub const PLACES: &[Place] = places![
    "/" => LandingPage,
    "/apply" => ApplyPage,
    "/apply/review" => ReviewPage,
    "/apply/{step}" => StepPage,
    "/legal/{kind}" => LegalPage,
    "/login" => PhonePage,
    "/login/code" => CodePage,
    "/register" => RegisterPage,
    "/register/exists" => PersonExistsPage,
    "/phone-change" => PhoneChangePage,
    "/phone-change/status" => RequestPage,
    "/hold" => HoldPage,
    "/phone" => OwnPhonePage,
    "/profile" => ProfilePage,
    "/profile/{step}" => EditPage,
    "/papers" => PapersPage,
    "/consents" => ConsentsPage,
    "/notices" => NoticesPage,
    "/diary" => DiaryPage,
    "/closing" => ClosingPage,
    "/register/in-use" => InUsePage,
    "/proof" => ProofPage,
    "/confirm" => ConfirmPage,
    "/security" => SecurityPage,
    "/password/new" => NewPasswordPage,
    "/password/forgot" => ForgotPage,
    "/password/sent" => SentPage,
    "/password/link" => PasswordLinkPage,
    "/password/no-cabinet" => NoCabinetPage,
    "/email/link" => EmailLinkPage,
    "/email/confirmed" => EmailConfirmedPage,
    "/identity/phone" => IdentityPhonePage,
    "/identity/link" => IdentityLinkPage,
    "/identity/stopped" => IdentityStoppedPage,
    "/identity/{provider}/return" => IdentityReturnPage,
    "/help" => HelpPage,
    "/feedback" => FeedbackPage,
    "/feedback/sent" => FeedbackSentPage,
    "/appeals" => AppealsPage,
    "/appeals/new/{kind}" => NewAppealPage,
    "/appeals/{id}" => AppealPage,
    "/chat" => ChatPage,
    "/agent" => AgentPage,
    "/agent/clients" => ClientsPage,
    "/agent/statements" => StatementsPage,
    "/agent/payouts" => PayoutsPage,
    "/accessibility" => AccessibilityPage,
    "/cabinet" => HomePage,
    "/bonuses" => BonusesPage,
    "/invite" => InvitePage,
    "/i" => CameByPage,
    "/i/{code}" => CameByPage,
    "/application" => StatusPage,
    "/go/{where}" => GoPage,
    "/draws" => DrawsPage,
    "/offers" => OffersPage,
    "/offer/{id}" => OfferPage,
    "/offer/{id}/way" => WaysPage,
    "/cards/{id}/return" => CardReturnPage,
    "/loans/{id}" => LoanPage,
    "/loans/{id}/pay" => PayPage,
    "/loans/{id}/transfer" => TransferPage,
    "/loans/{id}/link" => LinksPage,
    "/p/{token}" => PayByLinkPage,
    "/payer/{id}" => PayerPage,
    "/loans/{id}/prolong" => ProlongPage,
    "/loans/{id}/early" => EarlyPage,
    "/loans/{id}/services" => ServicesPage,
    "/loans/{id}/autopay" => AutopayPage,
    "/quotes/{id}" => QuotePage,
    "/loans/{id}/refund" => RefundPage,
    "/loans/{id}/certificate" => CertificatePage,
    "/payments/{id}" => PaymentPage,
    "/prolongations/{id}" => ProlongationPage,
    "/ui" => SpecimensPage,
    "/documents" => DocumentsPage,
    "/public" => PublicPage,
    "/verify" => VerifyPage,
    "/verify/{token}" => VerifyTokenPage,
    "/documents/{owner}/{code}" => DocumentPage,
];

/// A page in its frame. On the server only: in the browser pages are documents and islands are alone.
#[component]
pub fn Page(view: fn() -> AnyView) -> impl IntoView {
    view! { <Frame>{view()}</Frame> }
}
