# Сводные слова для всех страниц.
weekday-1 = понедельник
weekday-2 = вторник
weekday-3 = среда
weekday-4 = четверг
weekday-5 = пятница
weekday-6 = суббота
weekday-7 = воскресенье
weekday-by-1 = понедельника
weekday-by-2 = вторника
weekday-by-3 = среды
weekday-by-4 = четверга
weekday-by-5 = пятницы
weekday-by-6 = субботы
weekday-by-7 = воскресенья
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря
date-long = { $day } { $month } { $year } года
date-short = { $day } { $month }
date-by = { $weekday }, { $day } { $month }
days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[other] { $count } дней
}
zone-moscow = по Москве
zone-other = по времени МСК{ $shift }
