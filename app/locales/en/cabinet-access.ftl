# Signing in: texts of messages.
cabinet-access-sms-sign-in = { $lender }: your sign-in code is { $code }. Tell it to nobody, not even to us.
cabinet-access-sms-contract = { $lender }: code { $code } signs the loan contract. If you do not agree, do not enter it and tell it to nobody.
cabinet-access-sms-prolongation = { $lender }: code { $code } signs the agreement to extend the loan. If you do not agree, do not enter it and tell it to nobody.
cabinet-access-sms-restore = { $lender }: code { $code } for a new password. If you did not ask for it, do nothing and tell the code to nobody.
cabinet-access-sms-register = { $lender }: code { $code } for registration. Tell it to nobody, not even to us.
cabinet-access-sms-in-use = { $lender }: a cabinet with this number exists already. Sign in or restore the password. If it is you who registers, the code is { $code }.
cabinet-access-sms-confirm = { $lender }: code { $code } confirms that it is you. Tell it to nobody, not even to us.
cabinet-access-sms-password-changed = { $lender }: the password of your cabinet was changed. If it was not you, call { $hotline }.
cabinet-access-sms-first-password = { $lender }: your application is approved. Your password is { $password }, replace it with your own at the first sign-in.
cabinet-access-mail-password-changed-subject = { $lender }: the password was changed
cabinet-access-mail-restore-subject = { $lender }: a new password
cabinet-access-mail-restore =
    To set a new password, open this page within half an hour:
    { $url }

    If you did not ask for a new password, there is nothing to do: the old one works. Questions: { $hotline }.
cabinet-access-mail-restore-nobody =
    Somebody asked for a new password for this address, but there is no cabinet with it.
    If it was you, try signing in by phone. Questions: { $hotline }.
cabinet-access-mail-confirm-subject = { $lender }: confirm your e-mail
cabinet-access-mail-confirm =
    To confirm this address, open the page:
    { $url }

    If you did not give us this address, do nothing. Questions: { $hotline }.
cabinet-access-mail-confirm-nobody =
    Somebody gave us this address, but it belongs to another cabinet already, so it was not taken over.
    If the cabinet is yours, sign in or restore the password. Questions: { $hotline }.
cabinet-access-question = How much is { $left } plus { $right }? Answer in digits.
cabinet-access-number-1 = one
cabinet-access-number-2 = two
cabinet-access-number-3 = three
cabinet-access-number-4 = four
cabinet-access-number-5 = five
cabinet-access-number-6 = six
cabinet-access-number-7 = seven
cabinet-access-number-8 = eight
cabinet-access-number-9 = nine
cabinet-access-number-10 = ten
field-password_short = At least { $min } characters are needed. A few words with spaces do well.
field-password_long = The password is too long: leave at most { $max } characters.
field-password_common = This password is on the lists that burglars begin with. Think of another one.
field-password_own = Your phone or e-mail is in the password: those are guessed first. Think of another one.
field-password_differs = The passwords differ. Type it once more.
field-password_same = This password came by SMS. Think of your own.
field-password_wrong = The password is not right. Check the keyboard's language and type it again.
field-login_wrong = The phone, e-mail or password did not fit. Check them, or restore the password.
field-restore_way = The password can't be restored this way here. Try another way or call us.
field-tail_format = Enter the last four digits of the passport's number.
field-proof_wrong =
    { $left ->
        [0] The digits did not fit. Try tomorrow or call us.
        [one] The digits did not fit. { $left } try left.
       *[other] The digits did not fit. { $left } tries left.
    }
cabinet-access-sms-new-phone = { $lender }: code { $code } confirms a new number for your account. Tell it to nobody, not even to us.
cabinet-access-sms-passkey-added = { $lender }: a passkey was added to your account. If this wasn't you, call { $hotline }.
cabinet-access-sms-passkey-removed = { $lender }: a passkey was removed from your account. If this wasn't you, call { $hotline }.
cabinet-access-sms-passkey-copied = { $lender }: signing in by a passkey was stopped: there seems to be a copy of it. Remove it under “Signing in and devices” and add a new one. Questions: { $hotline }.
cabinet-access-sms-identity-linked = { $lender }: your account can now be opened with { $provider }. If this wasn't you, call { $hotline }.
cabinet-access-sms-identity-unlinked = { $lender }: signing in with { $provider } was unlinked from your account. If this wasn't you, call { $hotline }.
cabinet-access-sms-password-removed = { $lender }: signing in by password is off. If it was not you, call { $hotline }.
cabinet-access-sms-email-removed = { $lender }: the e-mail address was removed from your account. If it was not you, call { $hotline }.
cabinet-access-sms-email-changed = { $lender }: the e-mail address of your account has changed. If it was not you, call { $hotline }.
cabinet-access-mail-ways-subject = { $lender }: ways of signing in have changed
field-passkey_name = The name is too long: forty characters are enough.
