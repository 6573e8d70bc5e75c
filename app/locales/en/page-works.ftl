# Technical works: told ahead, and the page for that time.
works-planned = Technical works: from { $from } until { $until } { $zone }. In that time the cabinet can only be read.
works-closed = Technical works are going on, until { $until } { $zone }. You can read the cabinet but change nothing yet. Nothing is lost.
works-more = More
works-now-title = Technical works are going on
works-ahead-title = Technical works are coming
works-can-now = Your debt, the schedule and the documents open as usual. Signing in, applications and card payments come back after the works: try again then.
works-can-ahead = It is better to sign in, pay by card or apply before they begin. Your debt, the schedule and the documents will open as usual.
works-debt = Debt at { $at }
works-other = Contract No. { $number }: { $sum }, until { $date }.
works-other-pay = How to pay
works-pay = Pay now
works-pay-what = By a transfer from any bank: point its app’s camera at the code or type the details in. We count the payment on the day you paid.
works-stranger = While the works go on, we tell the debt and its date by phone.
