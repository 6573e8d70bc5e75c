# Документы и справка о закрытии.
doc-number = Договор № { $number }
doc-signed = Подписан кодом из СМС { $at }.
doc-hash = Отпечаток текста SHA-256:
doc-print = Напечатать или сохранить в PDF
doc-to-loan = К займу

cert-title = Справка о закрытии займа № { $number }
cert-lender = Регистрационный номер { $register }, ИНН { $inn }
cert-name = Заёмщик
cert-loan = Договор №
cert-lent = Выдано
cert-paid = Всего заплачено
cert-closed = Долг погашен
cert-owed = Остаток долга
cert-issued = Составлена { $date }.
cert-print = Чтобы сохранить справку, откройте печать браузера и выберите «Сохранить в PDF».
