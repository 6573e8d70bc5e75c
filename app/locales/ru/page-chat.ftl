# Чат со специалистом: страница заёмщика.
chat-title = Чат со специалистом
chat-mark-unread = { $count ->
    [one] Чат со специалистом: { $count } новый ответ
    [few] Чат со специалистом: { $count } новых ответа
   *[other] Чат со специалистом: { $count } новых ответов
}
chat-hours = Специалисты отвечают { $hours }.
chat-lines = Переписка
chat-none = Здесь будет ваша переписка. Спросите о займе, платеже или документах: отвечает человек.
chat-you = Вы
chat-text = Сообщение
chat-send = Отправить
chat-attach = Отправить фото документа или чека
chat-offline = Нет связи. Сообщение осталось в поле: отправьте его ещё раз, когда связь вернётся.
chat-picture = Фото
chat-picture-gone = Фото убрали из кабинета.
chat-open = Специалисты на связи. Обычно отвечаем за { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[other] { $minutes } минут
}.
chat-night = Сейчас специалисты не работают, но написать можно. Начнём отвечать { $opens }.
chat-first = Вы первые в очереди.
chat-ahead = { $count ->
    [one] Перед вами в очереди { $count } человек.
    [few] Перед вами в очереди { $count } человека.
   *[other] Перед вами в очереди { $count } человек.
}
chat-taken = Вам отвечает { $name }.
chat-answer-by = Ответим до { $at }.
chat-answer-night = Сейчас специалисты не работают. Начнут отвечать { $opens }, вам ответим до { $at }.
chat-late = Отвечаем дольше, чем обещали. Простите нас: ваше место сохранилось, ответим как можно скорее.
chat-note-taken = Вам отвечает { $name }
chat-note-transferred = Разговор передан: теперь вам отвечает { $name }
chat-note-queued = Разговор вернулся в очередь
chat-note-closed = Разговор завершён. Появятся вопросы, напишите сюда же
notices-to-chat = К чату
field-chat_text = Напишите сообщение: до 2000 знаков.
error-chat-hour = Сообщений за час очень много. Подождите немного или позвоните нам. Всё написанное сохранено.
error-chat-state = С этим разговором уже решили иначе. Обновите страницу и посмотрите, что с ним. Ничего не изменилось.
error-chat-owner = Этот разговор ведёт другой сотрудник. Возьмите его себе, если он передал. Ничего не изменилось.
help-chat = Спросить специалиста в чате
diary-what-chat-seen = Открыта ваша переписка в чате
diary-what-chat-taken = Специалист начал отвечать вам в чате
staff-nav-chats = Чаты
staff-chat-title = Разговор в чате
staff-chat-borrower = Заёмщик
staff-chat-lines = { $count ->
    [one] { $count } сообщение
    [few] { $count } сообщения
   *[other] { $count } сообщений
}
staff-chat-waiting = Ждёт специалиста
staff-chat-taken = В работе
staff-chat-closed = Завершён
staff-chat-late = Обещанное время ответа прошло.
staff-chat-answered = Ответили, ждём заёмщика.
staff-chat-with = Отвечает { $name }
staff-chat-why = Переписку видит тот, кто её ведёт. Чтобы посмотреть, не забирая разговор, напишите зачем: заёмщик увидит это в истории доступа.
staff-chat-offline = Нет связи. Ответ остался в поле: отправьте его ещё раз.
staff-chat-answer = Ответ
staff-chat-quick = Быстрые ответы
staff-chat-keys = Ctrl+Enter отправляет. Alt и номер вставляет быстрый ответ.
staff-chat-transfer = Передать
staff-chat-to = Кому
staff-chat-to-queue = В общую очередь
staff-chat-transfer-now = Передать разговор
staff-chat-close = Завершить разговор
staff-chat-close-what = Заёмщик сможет написать снова: разговор вернётся в очередь.
staff-chat-person = Поля карточки открываются с причиной, заёмщик видит её в истории доступа.
staff-column-chat = Разговор
staff-column-promise = Обещали ответить
staff-done-chat-taken = Разговор за вами.
staff-done-chat-transferred = Разговор передан.
staff-done-chat-closed = Разговор завершён.
staff-quick-hello = Поздороваться
staff-quick-hello-text = Здравствуйте. Меня зовут { $name }, я помогу.
staff-quick-checking = Проверяю
staff-quick-checking-text = Проверяю, это займёт несколько минут. Оставайтесь в чате или вернитесь позже: об ответе сообщим.
staff-quick-debt = Где видна сумма
staff-quick-debt-text = Точная сумма на любой день видна на странице займа: выберите дату под суммой долга.
staff-quick-receipt = Прислать чек
staff-quick-receipt-text = Пришлите, пожалуйста, фото чека: кнопка «Отправить фото документа или чека» под полем сообщения.
staff-quick-more = Что-то ещё?
staff-quick-more-text = Подсказать что-то ещё?
staff-quick-bye = Попрощаться
staff-quick-bye-text = Хорошего дня. Появятся вопросы, напишите сюда или позвоните: { $hotline }.
