# Signing in: a phone and a code.
access-title = Sign in
access-lead = We will text you a code. If you are new here, your cabinet opens at once.
access-phone = Mobile phone
access-phone-hint = Paste it in any form: 8 900… or +7 900…
access-send = Get a code
access-no-password = There is no password to forget or to guess. The code is new every time.
access-code-title = Code from the SMS
access-code-lead = We sent six digits to { $phone }. The code works for five minutes.
access-code = Code
access-code-hint = { $left ->
    [0] This code no longer works: ask for a new one.
    [one] { $left } try left. Tell the code to nobody: we never ask for it.
   *[other] { $left } tries left. Tell the code to nobody: we never ask for it.
}
access-enter = Sign in
access-resend = Send a new code
access-resend-at = A new code can be asked for: { $at }
access-resend-in = A new code in { $left }
access-other-phone = Another phone number
access-sandbox = This is a sandbox: no real SMS is sent.
access-sandbox-inbox = Open the SMS inbox
