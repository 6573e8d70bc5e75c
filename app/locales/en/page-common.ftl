# The frame of every page.
skip-to-content = Skip to content
back = Back
nav-label = Places
nav-loans = Loans
nav-application = Application
nav-calculator = Calculator
nav-terms = Terms
nav-enter = Sign in
nav-leave = Sign out
page-home = To the cabinet
page-not-found-title = There is no such page
page-failed-title = This page could not be shown
foot-risk = Weigh your financial means and risks. Study all terms of the loan.
foot-mkk = Microcredit company
foot-mfk = Microfinance company
foot-registered = { $kind }, No. { $number } in the Bank of Russia register of microfinance organisations.
foot-numbers = INN { $inn }, OGRN { $ogrn }.
foot-texts = Rules and consents
foot-help = Help
foot-legal-general-terms = General terms of loans
foot-legal-esign-agreement = Electronic signature agreement
foot-legal-personal-data = Consent to data processing
foot-legal-bureau = Consent to a credit history request
legal-version = Version of { $version }
legal-hash = SHA-256 fingerprint: { $hash }

look-theme = Theme
look-system = As in the system
look-light = Light
look-dark = Dark
look-language = Language
dialog-cancel = Keep it

toast-signed-out = You have signed out.
toast-card-added = The card is added.
toast-saved = Saved.
toast-request-cancelled = The request is called off.
