# Вход: тексты сообщений.
cabinet-access-sms-sign-in = { $lender }: код для входа { $code }. Никому его не говорите, даже нам.
cabinet-access-sms-contract = { $lender }: код { $code } подписывает договор займа. Не согласны — не вводите его и никому не говорите.
cabinet-access-sms-prolongation = { $lender }: код { $code } подписывает соглашение о продлении займа. Не согласны — не вводите его и никому не говорите.
cabinet-access-sms-restore = { $lender }: код { $code } для нового пароля. Если вы его не просили, ничего не делайте и никому не говорите код.
cabinet-access-sms-register = { $lender }: код { $code } для регистрации. Никому его не говорите, даже нам.
cabinet-access-sms-in-use = { $lender }: личный кабинет по этому номеру уже используется. Войдите или восстановите пароль. Если регистрируетесь вы, код { $code }.
cabinet-access-sms-confirm = { $lender }: код { $code } подтверждает, что это вы. Никому его не говорите, даже нам.
cabinet-access-sms-password-changed = { $lender }: пароль личного кабинета изменён. Если это были не вы, позвоните { $hotline }.
cabinet-access-sms-first-password = { $lender }: заявка одобрена. Пароль для входа { $password }, при первом входе замените его своим.
cabinet-access-mail-password-changed-subject = { $lender }: пароль изменён
cabinet-access-mail-restore-subject = { $lender }: новый пароль
cabinet-access-mail-restore =
    Чтобы задать новый пароль, откройте эту страницу в течение получаса:
    { $url }

    Новый пароль просил кто-то другой? Ничего делать не нужно: старый действует. Вопросы: { $hotline }.
cabinet-access-mail-restore-nobody =
    Кто-то попросил новый пароль для этого адреса, но кабинета с таким адресом у нас нет.
    Если это были вы, попробуйте войти по телефону. Вопросы: { $hotline }.
cabinet-access-mail-confirm-subject = { $lender }: подтвердите почту
cabinet-access-mail-confirm =
    Чтобы подтвердить этот адрес, откройте страницу:
    { $url }

    Если адрес указали другие, ничего не делайте. Вопросы: { $hotline }.
cabinet-access-mail-confirm-nobody =
    Кто-то указал этот адрес у нас, но он уже принадлежит другому кабинету, и мы его не присвоили.
    Если это ваш кабинет, войдите в него или восстановите пароль. Вопросы: { $hotline }.
cabinet-access-question = Сколько будет { $left } плюс { $right }? Ответ цифрами.
cabinet-access-number-1 = один
cabinet-access-number-2 = два
cabinet-access-number-3 = три
cabinet-access-number-4 = четыре
cabinet-access-number-5 = пять
cabinet-access-number-6 = шесть
cabinet-access-number-7 = семь
cabinet-access-number-8 = восемь
cabinet-access-number-9 = девять
cabinet-access-number-10 = десять
field-password_short = Нужно не меньше { $min } знаков. Удобно взять несколько слов с пробелами.
field-password_long = Слишком длинный пароль: оставьте не больше { $max } знаков.
field-password_common = Этот пароль есть в списках, с которых начинают взломщики. Придумайте другой.
field-password_own = В пароле ваш телефон или почта: такие угадывают первыми. Придумайте другой.
field-password_differs = Пароли не совпали. Наберите ещё раз.
field-password_same = Этот пароль пришёл в СМС. Придумайте свой.
field-password_wrong = Пароль не подошёл. Проверьте раскладку и наберите ещё раз.
field-login_wrong = Телефон, почта или пароль не подошли. Проверьте их или восстановите пароль.
field-restore_way = Так пароль здесь не восстановить. Попробуйте другой способ или позвоните нам.
field-tail_format = Введите последние четыре цифры номера паспорта.
field-proof_wrong =
    { $left ->
        [0] Цифры не подошли. Попробуйте завтра или позвоните нам.
        [one] Цифры не подошли. Осталась { $left } попытка.
        [few] Цифры не подошли. Осталось { $left } попытки.
       *[many] Цифры не подошли. Осталось { $left } попыток.
    }
cabinet-access-sms-new-phone = { $lender }: код { $code } подтверждает новый номер для личного кабинета. Никому его не говорите, даже нам.
cabinet-access-sms-passkey-added = { $lender }: к кабинету добавлен ключ входа. Если это были не вы, позвоните { $hotline }.
cabinet-access-sms-passkey-removed = { $lender }: ключ входа удалён из кабинета. Если это были не вы, позвоните { $hotline }.
cabinet-access-sms-passkey-copied = { $lender }: вход по ключу остановлен: похоже, есть его копия. Удалите ключ в разделе «Вход и устройства» и добавьте новый. Вопросы: { $hotline }.
cabinet-access-sms-identity-linked = { $lender }: теперь в кабинет можно войти через { $provider }. Если это были не вы, позвоните { $hotline }.
cabinet-access-sms-identity-unlinked = { $lender }: вход через { $provider } отвязан от кабинета. Если это были не вы, позвоните { $hotline }.
cabinet-access-sms-password-removed = { $lender }: вход по паролю отключён. Если это были не вы, позвоните { $hotline }.
cabinet-access-sms-email-removed = { $lender }: адрес почты удалён из кабинета. Если это были не вы, позвоните { $hotline }.
cabinet-access-sms-email-changed = { $lender }: адрес почты в кабинете изменён. Если это были не вы, позвоните { $hotline }.
cabinet-access-mail-ways-subject = { $lender }: изменились способы входа
field-passkey_name = Слишком длинное название: хватит сорока знаков.
