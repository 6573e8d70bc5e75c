//! Every page and its address.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

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

/// The router, on the server only: in the browser pages are documents and islands are alone.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Frame>
                <Routes fallback=|| page(|_| async { Err(cabinet::CabinetError::NotFound.into()) })>
                    <Route path=path!("/") view=LandingPage ssr=SsrMode::Async/>
                    <Route path=path!("/apply") view=ApplyPage ssr=SsrMode::Async/>
                    <Route path=path!("/apply/review") view=ReviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/apply/:step") view=StepPage ssr=SsrMode::Async/>
                    <Route path=path!("/legal/:kind") view=LegalPage ssr=SsrMode::Async/>
                    <Route path=path!("/login") view=PhonePage ssr=SsrMode::Async/>
                    <Route path=path!("/login/code") view=CodePage ssr=SsrMode::Async/>
                    <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
                    <Route path=path!("/register/exists") view=PersonExistsPage ssr=SsrMode::Async/>
                    <Route path=path!("/phone-change") view=PhoneChangePage ssr=SsrMode::Async/>
                    <Route path=path!("/phone-change/status") view=RequestPage ssr=SsrMode::Async/>
                    <Route path=path!("/hold") view=HoldPage ssr=SsrMode::Async/>
                    <Route path=path!("/phone") view=OwnPhonePage ssr=SsrMode::Async/>
                    <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
                    <Route path=path!("/profile/:step") view=EditPage ssr=SsrMode::Async/>
                    <Route path=path!("/papers") view=PapersPage ssr=SsrMode::Async/>
                    <Route path=path!("/consents") view=ConsentsPage ssr=SsrMode::Async/>
                    <Route path=path!("/notices") view=NoticesPage ssr=SsrMode::Async/>
                    <Route path=path!("/diary") view=DiaryPage ssr=SsrMode::Async/>
                    <Route path=path!("/closing") view=ClosingPage ssr=SsrMode::Async/>
                    <Route path=path!("/register/in-use") view=InUsePage ssr=SsrMode::Async/>
                    <Route path=path!("/proof") view=ProofPage ssr=SsrMode::Async/>
                    <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                    <Route path=path!("/security") view=SecurityPage ssr=SsrMode::Async/>
                    <Route path=path!("/password/new") view=NewPasswordPage ssr=SsrMode::Async/>
                    <Route path=path!("/password/forgot") view=ForgotPage ssr=SsrMode::Async/>
                    <Route path=path!("/password/sent") view=SentPage ssr=SsrMode::Async/>
                    <Route path=path!("/password/link") view=PasswordLinkPage ssr=SsrMode::Async/>
                    <Route path=path!("/password/no-cabinet") view=NoCabinetPage ssr=SsrMode::Async/>
                    <Route path=path!("/email/link") view=EmailLinkPage ssr=SsrMode::Async/>
                    <Route path=path!("/email/confirmed") view=EmailConfirmedPage ssr=SsrMode::Async/>
                    <Route path=path!("/identity/phone") view=IdentityPhonePage ssr=SsrMode::Async/>
                    <Route path=path!("/identity/link") view=IdentityLinkPage ssr=SsrMode::Async/>
                    <Route path=path!("/identity/stopped") view=IdentityStoppedPage ssr=SsrMode::Async/>
                    <Route path=path!("/identity/:provider/return") view=IdentityReturnPage ssr=SsrMode::Async/>
                    <Route path=path!("/help") view=HelpPage ssr=SsrMode::Async/>
                    <Route path=path!("/works") view=WorksPage ssr=SsrMode::Async/>
                    <Route path=path!("/feedback") view=FeedbackPage ssr=SsrMode::Async/>
                    <Route path=path!("/feedback/sent") view=FeedbackSentPage ssr=SsrMode::Async/>
                    <Route path=path!("/appeals") view=AppealsPage ssr=SsrMode::Async/>
                    <Route path=path!("/appeals/new/:kind") view=NewAppealPage ssr=SsrMode::Async/>
                    <Route path=path!("/appeals/:id") view=AppealPage ssr=SsrMode::Async/>
                    <Route path=path!("/chat") view=ChatPage ssr=SsrMode::Async/>
                    <Route path=path!("/agent") view=AgentPage ssr=SsrMode::Async/>
                    <Route path=path!("/agent/clients") view=ClientsPage ssr=SsrMode::Async/>
                    <Route path=path!("/agent/statements") view=StatementsPage ssr=SsrMode::Async/>
                    <Route path=path!("/agent/payouts") view=PayoutsPage ssr=SsrMode::Async/>
                    <Route path=path!("/accessibility") view=AccessibilityPage ssr=SsrMode::Async/>
                    <Route path=path!("/cabinet") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/bonuses") view=BonusesPage ssr=SsrMode::Async/>
                    <Route path=path!("/invite") view=InvitePage ssr=SsrMode::Async/>
                    <Route path=path!("/i") view=CameByPage ssr=SsrMode::Async/>
                    <Route path=path!("/i/:code") view=CameByPage ssr=SsrMode::Async/>
                    <Route path=path!("/application") view=StatusPage ssr=SsrMode::Async/>
                    <Route path=path!("/go/:where") view=GoPage ssr=SsrMode::Async/>
                    <Route path=path!("/draws") view=DrawsPage ssr=SsrMode::Async/>
                    <Route path=path!("/offers") view=OffersPage ssr=SsrMode::Async/>
                    <Route path=path!("/offer/:id") view=OfferPage ssr=SsrMode::Async/>
                    <Route path=path!("/offer/:id/way") view=WaysPage ssr=SsrMode::Async/>
                    <Route path=path!("/cards/:id/return") view=CardReturnPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id") view=LoanPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/pay") view=PayPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/transfer") view=TransferPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/link") view=LinksPage ssr=SsrMode::Async/>
                    <Route path=path!("/p/:token") view=PayByLinkPage ssr=SsrMode::Async/>
                    <Route path=path!("/payer/:id") view=PayerPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/prolong") view=ProlongPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/early") view=EarlyPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/services") view=ServicesPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/autopay") view=AutopayPage ssr=SsrMode::Async/>
                    <Route path=path!("/quotes/:id") view=QuotePage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/refund") view=RefundPage ssr=SsrMode::Async/>
                    <Route path=path!("/loans/:id/certificate") view=CertificatePage ssr=SsrMode::Async/>
                    <Route path=path!("/payments/:id") view=PaymentPage ssr=SsrMode::Async/>
                    <Route path=path!("/prolongations/:id") view=ProlongationPage ssr=SsrMode::Async/>
                    <Route path=path!("/ui") view=SpecimensPage ssr=SsrMode::Async/>
                    <Route path=path!("/documents") view=DocumentsPage ssr=SsrMode::Async/>
                    <Route path=path!("/public") view=PublicPage ssr=SsrMode::Async/>
                    <Route path=path!("/verify") view=VerifyPage ssr=SsrMode::Async/>
                    <Route path=path!("/verify/:token") view=VerifyTokenPage ssr=SsrMode::Async/>
                    <Route path=path!("/documents/:owner/:code") view=DocumentPage ssr=SsrMode::Async/>
                </Routes>
            </Frame>
        </Router>
    }
}
