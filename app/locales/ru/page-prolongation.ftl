# Продление: сколько стоит время, подпись, что вышло.
prolong-title = Продлить займ
prolong-lead = Договор № { $number }
prolong-days = На сколько дней
prolong-days-hint = От { $min } до { $max }, считая от прежней даты.
prolong-recount = Пересчитать
prolong-pay-now = Заплатить сегодня
prolong-fee = в том числе услуга продления
prolong-due-then = Потом, { $date }
prolong-then = Потом
prolong-total = Всего
prolong-pay-today = Если погасить сегодня
prolong-extra = Цена отсрочки
prolong-left = { $left ->
    [0] Это последнее продление в этом году.
   *[other] После этого останется продлений в году: { $left }.
}
prolong-prepare = Продлить на этих условиях
prolong-prepare-what = Дальше — текст соглашения и код из СМС. Новая дата начнёт действовать, когда придёт оплата.

prolong-no-title = Продлить сейчас нельзя
prolong-no-what = Можно заплатить часть: она сразу уменьшит долг.
prolong-no-yet = Продлить можно с { $date }.
prolong-no-longer = Продлить можно было до { $date }.
prolong-no-window = Сейчас займ не продлевается.
prolong-no-count = Продлений за год уже столько, сколько разрешено. Следующее — с { $date }.
prolong-no-days = Введите число дней от { $min } до { $max }.
prolong-no-closed = Займ закрыт, продлевать нечего.
prolong-no-interest = Сначала нужно заплатить проценты: { $owed }.
prolong-no-kind = Займы с таким сроком не продлеваются.

prolong-sign-title = Соглашение о продлении до { $date }
prolong-sign = Подписать и заплатить { $sum }
prolong-sign-free = Подписать
prolong-sign-what = После подписи откроется оплата. Пока она не пришла, действует прежняя дата.
prolong-not-now = Не продлевать
prolong-signed-title = Соглашение подписано
prolong-signed-what = Осталось заплатить { $sum }. Когда деньги придут, датой возврата станет { $date }.
prolong-signed-pay = К оплате
prolong-effective-title = Займ продлён
prolong-effective-what = Вернуть нужно до { $date }.
prolong-stale-title = Продление не началось
prolong-stale-what = Деньги { $sum } пришли в другой день, когда цена была уже иной. Они зачтены в долг, дата возврата прежняя.
prolong-expired-title = Соглашение больше не действует
prolong-expired-what = Его не подписали или не оплатили в тот же день. Дата возврата прежняя, лишнего не начислено.
prolong-again = Посчитать заново
