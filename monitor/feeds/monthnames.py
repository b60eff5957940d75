"""Names of months and weekdays in fifty languages; data for ``localdates``.

Source: Unicode CLDR (cldr.unicode.org), Gregorian calendar, wide and abbreviated forms, in
sentences and alone; case folded, without full stops, parts of one name joined by ``_``. A test
compares the table with CLDR as the package babel carries it.
"""

from typing import Final

_BY_MONTH: Final = (
    (
        "ean eanáir ene enero gen gener gennaio ian ianuarie ion ionawr jaan jaanuar jan "
        "janar janeiro januar januari january január januára janv janvier janvāris janúar "
        "jänner led leden ledna oca ocak saus sausio sausis sij siječanj siječnja sty "
        "styczeń stycznia tammi tammikuu tammikuuta urt urtarrila xan xaneiro yan yanvar "
        "ιαν ιανουάριοσ ιανουαρίου сту студзень студзеня січ січень січня янв январь "
        "января яну януари јан јануар јануари ינואר ינו׳ جانفي كانون_الثاني يناير ژانویه "
        "ژانویهٔ जनवरी जन॰ জানু জানুয়ারী มกราคม มค "
    ),
    (
        "chw chwef chwefror feabh feabhra feb febbraio febr febreiro febrer febrero "
        "februar februari februarie february február februára februāris febrúar fev "
        "fevereiro fevral févr février helmi helmikuu helmikuuta lut lutego luty ots "
        "otsaila shk shkurt vas vasario vasaris veebr veebruar velj veljača veljače úno "
        "únor února şub şubat φεβ φεβρουάριοσ φεβρουαρίου лют лютага лютий лютого люты "
        "феб фебруар фев февр февраль февраля февруари פברואר פבר׳ شباط فبراير فوریه "
        "فوریهٔ فيفري फ़रवरी फ़र॰ ফেব ফেব্রুয়ারী กพ กุมภาพันธ์ "
    ),
    (
        "bře březen března kov kovas kovo maalis maaliskuu maaliskuuta maart mac mar "
        "marca march marec maret mars mart martie marts martxoa marzec marzo març março "
        "maw mawrth mrt mrz márc március márta mär märts märz ožu ožujak ožujka μάρ "
        "μάρτιοσ μαρ μαρτίου бер березень березня мар март марта сак сакавік сакавіка מרץ "
        "آذار مارس मार्च মার্চ มีค มีนาคม "
    ),
    (
        "abr abril aib aibreán api apirila apr aprel april aprile aprilie aprill apríl "
        "apríla aprīlis avr avril bal balandis balandžio dub duben dubna d’abr d’abril "
        "ebr ebrill huhti huhtikuu huhtikuuta kwi kwiecień kwietnia nis nisan pri prill "
        "tra travanj travnja ápr április απρ απρίλιοσ απριλίου апр апрель апреля април "
        "квіт квітень квітня кра красавік красавіка אפריל אפר׳ آوریل أبريل أفريل نيسان "
        "अप्रैल এপ্রি এপ্রিল เมย เมษายน "
    ),
    (
        "beal bealtaine geg gegužė gegužės kvě květen května mag maggio mai maiatza maig "
        "maijs maio maj maja may mayo mayıs maí mei máj mája május svi svibanj svibnja "
        "touko toukokuu toukokuuta μάι μάιοσ μαΐ μαΐου май мая мај трав травень травня "
        "מאי أيار ماي مايو مه مهٔ मई মে พค พฤษภาคม "
    ),
    (
        "birž birželio birželis cze czerwca czerwiec eka ekaina giu giugno haz haziran "
        "iun iunie iyn iyun juin jun june junho juni junij junio juny juuni jún júna "
        "június júní jūn jūnijs kesä kesäkuu kesäkuuta lipanj lipnja meh mehefin meith "
        "meitheamh qer qershor xuño červen června čvn ιουν ιουνίου ιούν ιούνιοσ июн июнь "
        "июня черв червень червня чэр чэрвень чэрвеня юни јун јуни יוני جوان حزيران يونيو "
        "ژوئن जून জুন มิถุนายน มิย "
    ),
    (
        "gor gorff gorffennaf heinä heinäkuu heinäkuuta iul iulie iyl iyul iúil juil "
        "juill juillet jul julai julho juli julij julio juliol july juuli júl júla július "
        "júlí jūl jūlijs korr korrik liep liepa liepos lip lipca lipiec lug luglio srpanj "
        "srpnja tem temmuz uzt uztaila xul xullo července červenec čvc ιουλ ιουλίου ιούλ "
        "ιούλιοσ июл июль июля лип липень липня ліп ліпень ліпеня юли јул јули יולי تموز "
        "جويلية يوليو ژوئیه ژوئیهٔ जुलाई जुल॰ জুল জুলাই กค กรกฎาคม "
    ),
    (
        "abu abuztua ag ago agost agosto agu agustus août aug august augusta augusti "
        "augusts augustus augusztus avg avgust avq avqust awst ağu ağus ağustos d’ag "
        "d’agost elo elokuu elokuuta gush gusht kol kolovoz kolovoza lún lúnasa ogo ogos "
        "rugp rugpjūtis rugpjūčio sie sierpień sierpnia srp srpen srpna ágú ágúst αυγ "
        "αυγούστου αύγ αύγουστοσ авг август августа жні жнівень жніўня серп серпень "
        "серпня אוגוסט אוג׳ آب أغسطس أوت اوت अगस्त अग॰ আগ আগস্ট สค สิงหาคม "
    ),
    (
        "eyl eylül ira iraila medi mfómh rugs rugsėjis rugsėjo ruj rujan rujna sen "
        "sentyabr sep sept septembar september septembra septembre septembrie septembris "
        "septiembre set setembre setembro settembre sht shtator syys syyskuu syyskuuta "
        "szept szeptember wrz wrzesień września zář září σεπ σεπτέμβριοσ σεπτεμβρίου вер "
        "верасень верасня вересень вересня сен сент сентябрь сентября сеп септембар "
        "септември ספטמבר ספט׳ أيلول سبتمبر سپتامبر सितंबर सित॰ সেপ সেপ্টেম্বর กย กันยายน "
    ),
    (
        "dfómh d’oct d’octubre eki ekim hyd hydref loka lokakuu lokakuuta oct october "
        "octobre octombrie octubre okt oktobar oktober oktobris oktoober oktyabr október "
        "októbra ott ottobre out outubro paź październik października spal spalio spalis "
        "tet tetor urr urria říj říjen října οκτ οκτωβρίου οκτώβριοσ жовт жовтень жовтня "
        "кас кастрычнік кастрычніка окт октобар октомври октябрь октября אוקטובר אוק׳ "
        "أكتوبر اکتبر تشرين_الأول अक्टूबर अक्टू॰ অক্টো অক্টোবর ตค ตุลาคม "
    ),
    (
        "aza azaroa kas kasım lapkr lapkritis lapkričio lis listopad listopada listopadu "
        "marras marraskuu marraskuuta noiembrie nov novembar november novembra novembre "
        "novembris novembro noviembre noy noyabr nën nëntor nóv nóvember samh samhain stu "
        "studeni studenoga tach tachwedd νοέ νοέμβριοσ νοε νοεμβρίου лист листопад "
        "листопада ліс лістапад лістапада нов новембар ное ноември ноя нояб ноябрь ноября "
        "נובמבר נוב׳ تشرين_الثاني نوامبر نوفمبر नवंबर नव॰ নভে নভেম্বর พย พฤศจิกายน "
    ),
    (
        "abe abendua ara aralık dec decembar december decembra decembrie decembris "
        "decembro dek dekabr des desember desembre dets detsember dez dezember dezembro "
        "dhj dhjetor dic dicembre diciembre dis disember déc décembre gru grudnia "
        "grudzień gruod gruodis gruodžio joulu joulukuu joulukuuta noll nollaig pro "
        "prosinac prosinca prosince prosinec rhag rhagfyr δεκ δεκέμβριοσ δεκεμβρίου груд "
        "грудень грудня дек декабрь декабря декември дец децембар сне снежань снежня "
        "דצמבר דצמ׳ دسامبر ديسمبر كانون_الأول दिसंबर दिस॰ ডিসে ডিসেম্বর ธค ธันวาคม "
    ),
)
MONTHS: Final = {
    name: number for number, names in enumerate(_BY_MONTH, start=1) for name in names.split()
}
# Croatian and Polish or Czech use the same words for other months.
CROATIAN: Final = {"lip": 6, "lis": 10, "listopad": 10, "listopada": 10, "srp": 7}
WEEKDAYS: Final = frozenset(
    (
        "2 3 4 5 6 7 ahad ahd al an antradienis aoine ar asteartea asteazkena astelehena "
        "axşamı az b ba bazar be bảy c ca ceturtd ceturtdiena chủ cmt cn cs csütörtök cum "
        "cuma cumartesi czw czwartek céad céadaoin cümə dc dg di die diel dienstag dijous "
        "dilluns dim dimanche dimarts dimecres dinsdag dissabte diumenge divendres dj dl "
        "do dom domenica domh domhnaigh domingo donderdag donnerstag ds dt dum duminică "
        "dv dydd dé déar déardaoin e enj enjte ertəsi esmaspäev feira fim fimmtudagur fr "
        "fre fredag freitag fri friday fös föstudagur gio giovedì gwe gwen gwener h hai "
        "haoine hétfő hën hënë iau ig igandea isn isnin jeu jeudi joi jue jueves jum "
        "jumaat jumat k kam kamis ke kedd keskiviikko keskiviikkona ketvirtadienis kha "
        "khamis kolmapäev kt l la larunbata lau lauantai lauantaina laugardagur laupäev "
        "llun lr luain luan lun lundi lunedì lunes luni luns lör lördag lør lørdag ma "
        "maanantai maanantaina maandag man mandag mar mardi martedì martes martë marți "
        "maw mawrth mer mercher mercoledì mercredi mi mie miercuri min minggu mittwoch "
        "mié miércoles mið miðvikudagur mo mon monday montag máirt mán mánudagur mån "
        "måndag mér mércores mër mërkurë n ne ned nedelja nedeľa nedjelja neděle "
        "neljapäev nhật niedz niedziela năm og ons onsdag or osteguna ostirala otrd "
        "otrdiena p paz pazar pazartesi pe penktadienis per perjantai perjantaina "
        "perşembe pet petak petek pi piatok piektd piektdiena pirmadienis pirmd pirmdiena "
        "piątek pn po pon pondelok pondělí ponedeljak ponedeljek ponedjeljak poniedziałek "
        "pr pre premte pt pzt pá pátek péntek pühapäev qua quarta qui quinta r rab rabu "
        "reede sa sab sabato sabtu sad sadwrn sal salı sam samedi samstag sat sath "
        "sathairn saturday seg segunda sekmadienis sel selasa sen senin sestd sestdiena "
        "sex sexta sht shtunë sk so sob sobota sonntag sre sreda sri srijeda st streda "
        "středa su sub subota sul sun sunday sunnudagur sunnuntai svētd svētdiena sze "
        "szerda szo szombat sáb sábado sáu sâm sâmbătă sön söndag søn søndag t teisipäev "
        "ter terça th thu thursday thứ ti tiistai tiistaina tir tirs tirsdag tis tisdag "
        "to tor torek tors torsdag torstai torstaina tr trečiadienis trešd trešdiena tue "
        "tuesday tư ut uto utorak utorok v vasárnap ven vendredi venerdì venres vie "
        "viernes vin vineri vr vrijdag wed wednesday wo woensdag wt wtorek xov xoves za "
        "zaterdag zo zondag ç ça çar çarşamba çərşənbə út úterý þri þriðjudagur čet "
        "četrtek četvrtak čt čtvrtek śr środa ş şənbə šeštadienis št štvrtok δευ δευτέρα "
        "κυρ κυριακή πέμ πέμπτη παρ παρασκευή σάβ σάββατο τετ τετάρτη τρί τρίτη аў "
        "аўторак воскресенье вс вт вто вторник вівторок нд нед недела неделя недеља "
        "неділя нядзеля пʼятниця панядзелак пет петак петок петък пн пон понеделник "
        "понедельник понедељак понеділок пт пятница пятніца саб сабота сб серада середа "
        "ср сре среда сряда суб суббота субота събота уто уторак чацвер чет четвер "
        "четверг четвртак четврток четвъртък чт чц א׳ ב׳ ג׳ ד׳ ה׳ ו׳ חמישי יום ראשון "
        "רביעי שבת שישי שלישי שני الأحد الأربعاء الاثنين الثلاثاء الجمعة الخميس السبت "
        "جمعه دوشنبه سه‌شنبه شنبه پنجشنبه چهارشنبه یکشنبه गुरु गुरुवार बुध बुधवार मंगल "
        "मंगलवार रवि रविवार शनि शनिवार शुक्र शुक्रवार सोम सोमवार বুধ বুধবার বৃহস্পতি "
        "বৃহস্পতিবার মঙ্গল মঙ্গলবার রবি রবিবার শনি শনিবার শুক্র শুক্রবার সোম সোমবার จ พ "
        "พฤ วันจันทร์ วันพฤหัสบดี วันพุธ วันศุกร์ วันอังคาร วันอาทิตย์ วันเสาร์ ศ ส อ อา "
    ).split()
)
