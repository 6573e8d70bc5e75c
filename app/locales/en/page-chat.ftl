# The chat with a specialist: the borrower's page.
chat-title = Chat with a specialist
chat-mark-unread = { $count ->
    [one] Chat with a specialist: { $count } new answer
   *[other] Chat with a specialist: { $count } new answers
}
chat-hours = Specialists answer { $hours }.
chat-lines = Messages
chat-none = Your messages will be here. Ask about a loan, a payment or documents: a person answers.
chat-you = You
chat-text = Message
chat-send = Send
chat-attach = Send a photo of a document or a receipt
chat-offline = No connection. The message is still in the field: send it again when the connection is back.
chat-picture = Photo
chat-picture-gone = The photo was removed from the cabinet.
chat-open = Specialists are here. We mostly answer in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
chat-night = Specialists are away now, but you can write. We start answering { $opens }.
chat-first = You are first in the queue.
chat-ahead = { $count ->
    [one] { $count } person is before you in the queue.
   *[other] { $count } people are before you in the queue.
}
chat-taken = { $name } answers you.
chat-answer-by = We answer by { $at }.
chat-answer-night = Specialists are away now. They start answering { $opens }, you get the answer by { $at }.
chat-late = It takes longer than we promised. We are sorry: you keep your place, the answer comes as soon as possible.
chat-note-taken = { $name } answers you
chat-note-transferred = The talk was handed over: now { $name } answers you
chat-note-queued = The talk is back in the queue
chat-note-closed = The talk is over. If there are questions, write here again
notices-to-chat = To the chat
field-chat_text = Write a message of up to 2000 characters.
error-chat-hour = There were very many messages in an hour. Wait a little, or call us. Everything you wrote is kept.
error-chat-state = Something else was decided about this talk. Reload the page to see it. Nothing has changed.
error-chat-owner = Another colleague leads this talk. Take it over if it was handed to you. Nothing has changed.
help-chat = Ask a specialist in the chat
diary-what-chat-seen = Your messages in the chat were opened
diary-what-chat-taken = A specialist began to answer you in the chat
staff-nav-chats = Chats
staff-chat-title = A talk in the chat
staff-chat-borrower = Borrower
staff-chat-lines = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
staff-chat-waiting = Waits for a specialist
staff-chat-taken = Taken
staff-chat-closed = Closed
staff-chat-late = The promised time of the answer is over.
staff-chat-answered = Answered, waiting for the borrower.
staff-chat-with = { $name } answers
staff-chat-why = Only who leads the talk sees it. To look without taking it, write why: the borrower sees that in the history of access.
staff-chat-offline = No connection. The answer is still in the field: send it again.
staff-chat-answer = Answer
staff-chat-quick = Quick answers
staff-chat-keys = Ctrl+Enter sends. Alt and a number inserts a quick answer.
staff-chat-transfer = Hand over
staff-chat-to = To whom
staff-chat-to-queue = Into the queue
staff-chat-transfer-now = Hand the talk over
staff-chat-close = Close the talk
staff-chat-close-what = The borrower can write again: the talk comes back into the queue.
staff-chat-person = Fields of the card open with a reason, which the borrower sees in the history of access.
staff-column-chat = Talk
staff-column-promise = Answer promised
staff-done-chat-taken = The talk is yours.
staff-done-chat-transferred = The talk was handed over.
staff-done-chat-closed = The talk is closed.
staff-quick-hello = Say hello
staff-quick-hello-text = Hello. My name is { $name }, I will help.
staff-quick-checking = Checking
staff-quick-checking-text = I am checking, it takes some minutes. Stay here or come back later: we will tell you of the answer.
staff-quick-debt = Where the sum is
staff-quick-debt-text = The exact sum for any day is on the loan's page: choose a date under the debt.
staff-quick-receipt = Send a receipt
staff-quick-receipt-text = Please send a photo of the receipt: the button “Send a photo of a document or a receipt” under the message.
staff-quick-more = Anything else?
staff-quick-more-text = Can I help with anything else?
staff-quick-bye = Say goodbye
staff-quick-bye-text = Have a good day. If there are questions, write here or call { $hotline }.
