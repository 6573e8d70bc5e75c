# One person, one cabinet; another phone, closing, pictures of papers: texts of messages and fields.
cabinet-person-sms-double = { $lender }: somebody gave your data to open a second account. Yours has not changed. If it was not you, call { $hotline }.
cabinet-request-sms-asked = { $lender }: another phone number is asked for your account. While we check, a part of it is closed. If it is not you, call it off in the account or call { $hotline }.
cabinet-request-sms-waiting = { $lender }: in { $hours } h the number of your account changes to a new one. If it is not you, call it off in the account or call { $hotline }.
cabinet-request-sms-done-old = { $lender }: your account now belongs to another number. If it was not you, call { $hotline } at once.
cabinet-request-sms-done-new = { $lender }: your account now belongs to this number. Sign in with it. Questions: { $hotline }.
cabinet-request-sms-refused = { $lender }: the request is refused. { $answer } Questions: { $hotline }.
cabinet-request-sms-closing-asked = { $lender }: we have your request to close the account. If it is not you, call it off in the account or call { $hotline }.
cabinet-request-sms-closing-done = { $lender }: your account is closed. We keep the documents as the law tells us. Questions: { $hotline }.
field-phone_same = This is the number you have now. Give the new one.
field-closing_understood = Read what it costs and tick the box.
field-evidence_missing = Compare everything the lender asks for and tick it.
field-upload_empty = Choose a picture: no file is attached.
field-upload_large = The file is above 12 MB. Take the picture again in ordinary quality.
field-upload_kind = A picture in JPEG or PNG is needed. Photograph the page with your phone.
field-upload_pixels = The picture is too large: 30 megapixels are enough. Take it in ordinary quality.
field-upload_small = The picture is too small to read. Photograph the page closer.
field-upload_broken = The picture does not open: the file is damaged. Photograph it again.
