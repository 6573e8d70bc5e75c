# The cabinet as an application: installing, without a connection, updates, reminders.
pwa-update = There is a new version of the cabinet.
pwa-update-now = Update
pwa-update-later = Later
pwa-unsent = No connection: nothing was sent. What you typed is still here. Press again when the internet is back.
pwa-unsent-money = No connection: nothing was sent, no money was taken. What you typed is still here. Press again when the internet is back.

pwa-offline = Your debt at hand without the internet
pwa-offline-what = We will keep the debt, the payment date and the contract number on this device. Anybody who opens the cabinet on this device will see them. All of it is erased when you sign out.
pwa-offline-keep = Keep on this device
pwa-offline-kept = Kept on this device, and renewed whenever you open this page.
pwa-offline-forget = Erase from this device

pwa-row-debt = Debt on { $at } { $zone }
pwa-row-due = Pay by
pwa-until = { $date }, 23:59 { $zone }
pwa-row-next = By that time
pwa-row-missed = The date has passed
pwa-row-late = To end the delay
pwa-row-contract = Contract
pwa-row-purpose = Purpose of a transfer
pwa-purpose = Payment under loan contract No. { $number }
pwa-row-note = So it was when you last opened the loan with a connection. The debt may have changed since: call us for the exact sum.

pwa-gone-title = No connection
pwa-gone-what = The cabinet does not answer: check the internet. The page will open by itself when the connection is back.
pwa-gone-again = Try again
pwa-gone-hotline = Need help now? Call us:
pwa-gone-unsent = The form was not sent, no money was taken. When the connection is back, open the cabinet and try again.
pwa-gone-unanswered = No answer came, and we do not know whether the form got through. We repeat nothing by ourselves. When the connection is back, open the cabinet: it shows what happened.

pwa-requisites = Bank details for a transfer
pwa-requisites-name = Recipient
pwa-requisites-inn = Taxpayer number (INN)
pwa-requisites-account = Account
pwa-requisites-bank = Bank
pwa-requisites-bic = Bank code (BIC)
pwa-requisites-corr = Correspondent account
pwa-requisites-note = A transfer from a bank takes up to several days. Write the contract number as its purpose.

pwa-push = Remind me of the payment
pwa-push-what = We will notify this device three days before, one day before and on the day of the payment, and when the money arrives. Sums and dates will be seen on its screen.
pwa-push-yes = Send notifications
pwa-push-on = Notifications about payments come to this device.
pwa-push-no = Stop sending
pwa-push-refused = The browser did not allow notifications. You can allow them in the site settings of the browser.
pwa-push-failed = It could not be turned on now. Try later: the text message about the payment will come anyway.

pwa-install = The cabinet on your home screen
pwa-install-what = It will open like an application: with one tap, without looking for the address. There is nothing to download.
pwa-install-yes = Add
pwa-install-no = No, thanks
pwa-install-ios-share = Tap «Share» at the bottom of the screen in Safari.
pwa-install-ios-add = Choose «Add to Home Screen».
pwa-install-ios-done = Tap «Add».

pwa-manifest-description = The borrower's cabinet: debt, payments, documents.
pwa-manifest-pay = Pay
pwa-manifest-debt = My debt
field-push_invalid = This device cannot be notified: the browser gave an unknown address. Choose SMS or try another browser.
