# Documents and the closing certificate.
doc-number = Contract No. { $number }
doc-signed = Signed by a code from the SMS { $at }.
doc-hash = SHA-256 fingerprint of the text:
doc-print = Print or save as PDF
doc-to-loan = To the loan

cert-title = Closing certificate No. { $number }
cert-paid = Paid in all
cert-closed = Repaid on
cert-owed = Debt left
cert-print = To keep the certificate, open the browser's printing and choose “Save as PDF”.
