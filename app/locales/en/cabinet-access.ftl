# Signing in by a code: texts of messages.
cabinet-access-sms-sign-in = { $lender }: your sign-in code is { $code }. Tell it to nobody, not even to us.
cabinet-access-sms-contract = { $lender }: the code { $code } signs your loan contract. If you do not agree, do not enter it and tell it to nobody.
cabinet-access-sms-prolongation = { $lender }: the code { $code } signs the agreement to prolong your loan. If you do not agree, do not enter it and tell it to nobody.
