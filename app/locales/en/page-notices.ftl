# Notices: the list, channels, quiet hours, what went when.
notices-title = Notices
notices-bell-unread =
    { $count ->
        [one] Notices: { $count } unread
       *[other] Notices: { $count } unread
    }
notices-none = Nothing yet. Everything we tell you of your application, money and dates will be here.
notices-read = Mark as read
notices-fresh = New
notices-to-loan = To the loan
notices-to-application = To the application
notices-event-due-3 = A payment in three days
notices-event-due-1 = A payment tomorrow
notices-event-due-0 = A payment today
notices-event-debit = A debit soon
notices-event-overdue = A payment has not come
notices-event-decision = The answer to your application
notices-event-payout = Money to you
notices-event-receipt = Payments and refunds
notices-event-closing = The loan is closed
notices-event-chat = An answer in the chat
notices-event-bonus = Bonuses
notices-channel-sms = SMS
notices-channel-mail = Mail
notices-channel-push = Screen
notices-channel-inapp = Here
notices-choose = What to tell you, and where
notices-choose-lead = “Screen” is a notice on your phone or computer. “Here” is the list on this page.
notices-what = What
notices-kept-law = The SMS about a payment that has not come can't be switched off: the law on consumer credit makes us send it.
notices-kept-record = Answers, money and the end of a loan always stay in the list: it is your proof.
notices-kept-codes = Codes and words about sign-ins always come by SMS: you will know when somebody else opens your cabinet.
notices-no-mail = Letters will come once you confirm an address.
notices-add-mail = Add an address
notices-no-push = Notices on the screen are switched on at the loan's page.
notices-quiet = Quiet hours
notices-quiet-lead = We do not write or wake you then: reminders wait. Hours are those of your region. Of the day, 9 to 20, leave at least { $count } hours.
notices-quiet-from = From
notices-quiet-until = Until
notices-quiet-answers = Answers to what I do may wait too: decisions, money, receipts
notices-ledger = What we sent and when
notices-ledger-lead = About a late debt the law allows two messages a day, four a week and sixteen a month. We count them here.
notices-sent = sent { $at }
notices-delivered = delivered, sent { $at }
notices-undelivered = sent { $at }, the operator did not deliver it
notices-failed = could not be sent
notices-off = not sent: you switched it off
notices-stale = not sent: its time has passed
notices-stale-why = not sent, its time has passed: { $why }
notices-waits = waits until { $at }: { $why }
notices-going = being sent
notices-waits-quiet = quiet hours
notices-waits-hour = it is early or late where you are
notices-waits-day = the day has had enough messages
notices-waits-week = the week has had enough messages
notices-waits-month = the month has had enough messages
