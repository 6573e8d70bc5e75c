# Рамка всех страниц.
skip-to-content = К содержанию
back = Назад
nav-label = Разделы
nav-loans = Займы
nav-application = Заявка
nav-calculator = Рассчитать
nav-terms = Условия
nav-enter = Войти
nav-leave = Выйти
page-home = В кабинет
page-not-found-title = Такой страницы нет
page-failed-title = Не получилось показать страницу
foot-risk = Оценивайте свои финансовые возможности и риски. Изучите все условия займа.
foot-mkk = Микрокредитная компания
foot-mfk = Микрофинансовая компания
foot-registered = { $kind }, № { $number } в реестре микрофинансовых организаций Банка России.
foot-numbers = ИНН { $inn }, ОГРН { $ogrn }.
foot-texts = Правила и согласия
foot-help = Помощь
foot-legal-general-terms = Общие условия займа
foot-legal-esign-agreement = Соглашение об электронной подписи
foot-legal-personal-data = Согласие на обработку данных
foot-legal-bureau = Согласие на запрос кредитной истории
legal-version = Редакция от { $version }
legal-hash = отпечаток SHA-256: { $hash }

look-theme = Тема
look-system = Как в системе
look-light = Светлая
look-dark = Тёмная
look-language = Язык
dialog-cancel = Не отказываться

toast-signed-out = Вы вышли из кабинета.
toast-card-added = Карта привязана.
toast-saved = Сохранено.
toast-request-cancelled = Заявка отменена.
