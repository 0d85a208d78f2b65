"""Ordinary words: what a capitalised word usually is when it is no name: written from general knowledge.

A word is ordinary when it or its stem is listed, or when it ends as only ordinary words do. Words that are
also first names (will, mark, rose, may, grace, hope) are left out where the name is the likelier reading.
"""

from __future__ import annotations

_FUNCTION = """
a about above across after afterwards again against ago all almost alone along already also although always
am among an and another any anybody anyhow anyone anything anyway anywhere are aren't around as at away back
be became because been before behind being below beside besides best better between beyond both but by can
can't cannot could couldn't dear did didn't do does doesn't doing don't done down during each either else
elsewhere enough even ever every everybody everyone everything everywhere except far few first for former
from further had hadn't has hasn't have haven't having he he'd he'll he's hello help hence her here here's
hers herself hey hi him himself his how however i i'd i'll i'm i've if in indeed instead into is isn't it
it'd it'll it's its itself just last later latter least less let let's like likely little long lot many
maybe me meanwhile might mine more moreover most much must my myself near nearly neither never nevertheless
next no nobody none nor not nothing now nowhere of off often oh ok okay on once one ones only onto or other
others otherwise our ours ourselves out over own per perhaps please quite rather really said same say second
see seem several shall she she'd she'll she's should shouldn't since so some somebody somehow someone
something sometimes somewhere soon still such sure than thank thanks that that's the their theirs them
themselves then there there's therefore these they they'd they'll they're they've thing things third this
those though through throughout thus to today together tomorrow tonight too toward towards under unless
until up upon us usually very via was wasn't we we'd we'll we're we've welcome well were weren't what what's
whatever when whenever where where's wherever whether which while who who's whoever whole whom whose why
with within without won't would wouldn't yes yesterday yet you you'd you'll you're you've your yours
yourself yourselves sir madam mr mrs ms miss dr prof monsieur madame herr frau sorry hope hoping regards
sincerely cheers best kind bye goodbye morning afternoon evening night good great nice fine zero two three
four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half quarter
dozen fourth fifth sixth seventh eighth ninth tenth monday tuesday wednesday thursday friday saturday sunday
mon tue tues wed thu thur thurs fri sat sun january february march april may june july august september
october november december jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter
christmas easter thanksgiving halloween am pm est edt cst pst gmt utc usd eur gbp
using used ids id vs etc str int max min
"""
_VERBS = """
accept access act add address adjust advise agree aim allow answer appear apply appreciate approve arrange
arrive ask assist assume attach attend avoid base become begin believe belong bet bill block book borrow
bother bought break bring brought browse build bump burn buy calculate call cancel care carry cast catch
change charge chat check choose claim clarify clean clear click close collect come comment compare complain
complete concern confirm connect consider contact continue convert cook copy correct cost cover create cross
cut deal decide declare decrease deduct define delay delete deliver depart depend deposit describe deserve
detail determine develop disappoint discover discuss dispute download draw drink drive drop earn eat edit
elaborate email enable end enjoy ensure enter escalate estimate exchange expect expire explain explore
express extend face fail feel fetch figure file fill filter find finish fit fix fly follow forget forward
forgot found freeze gather gave generate get gift give given go going gone got grab guess guide handle hang
happen happy hate head hear heard heat hesitate hide hit hold hurt identify ignore imagine improve include
increase indicate inform inquire insert install intend interest introduce invest invite issue join keep kept
knew know land launch lead learn leave left lend lie lift limit link list listen live load locate lock log
look looks lose lost love lower made mail maintain make manage match matter mean measure meet mention merge
met mind miss mix modify move name navigate need negotiate note notice notify obtain occur offer open
operate opt order organize owe pack paid park pass pause pay perform permit pick place plan play post prefer
prepare present press prevent print proceed process produce promise protect prove provide publish pull
purchase push put qualify question quit raise reach read receive recommend record recover reduce refer
reflect refund refuse register reject relate release relocate rely remain remember remind remove renew rent
repair repeat replace reply report request require reschedule reset resolve respond rest restore result
retrieve return reveal review ride ring rise run save saw schedule search seat seek select sell send sent
separate serve set settle share ship shop show shut sign sit sleep smell solve sort sound speak specify
spell spend spread stand start state stay stick stop store submit subscribe succeed suggest supply support
suppose switch take taken talk taste teach tell tend test text think thought threw throw tip told took touch
track trade transfer translate travel treat trust try turn type understand update upgrade upload use used
utilize validate verify view visit wait wake walk want warn wash watch wear wish withdraw wonder work worry
write wrote
"""
_NOUNS = """
ability accident account action activity advice agency agent air airline airport alarm amount animal
apartment app appointment area arm art article artist aspect assistance assistant attention attraction
author auto award baby bag baggage balance ball band bank banking bar bath bathroom battery beach bed
bedroom beer benefit bicycle bike birth birthday board boat body bonus boot bottle box boy brand bread
breakfast brother browser budget bug building bus business cab cabin cable cake camera campaign cancellation
car card cart case cash cat category cause cell center centre century certificate chair chance channel
chapter chart checkout chicken child children choice church cinema circle citizen city class client clinic
clock clothes cloud club coach coat code coffee college color colour column combination comedy command
community company competition complaint computer concert condition conference contract conversation copy
corner council country county couple coupon course court credit crew currency customer cycle dad damage
dance danger data database date daughter day days deadline debit debt decision degree delivery demand
dentist department departure desk destination development device diagnosis difference dinner direction
director disc discount disease dish display distance district doctor document dog dollar door double draft
drama dress driver drug duration duty economy edge education effect effort egg election electricity employee
employer energy engine engineer entrance entry environment error euro event evidence example exception
exercise exhibition exit expense experience expert eye fabric facility fact factor factory fan fare farm
fashion father fault feature fee feedback feet fellow festival field film finance finger fire fish flat
flight flights floor flower food foot football force forest form format freedom friend friends fruit fuel
full function fund future game gap garden gas gate gender girl glass goal gold government grade grant graph
ground group guarantee guest guidance guitar gym hair hall hand harm hat health heart height hero highway
history hobby holiday home horror hospital host hotel hotline hour hours house household housing human
husband ice idea identity image impact incident income industry information inn input insurance internet
invoice island item items jacket job journey juice key keyboard kid kids kind king kitchen knee knowledge
lab label lady lake lamp language laptop law lawyer leader league leg lesson letter level library licence
license life light line list loan lobby local location loft login lounge luck luggage lunch machine magazine
mailbox mailing main maker mall man manager map market marriage master material meal meaning measurement
meat media medicine meeting member membership memory men menu message metal meter method middle mile miles
milk mind minister minute minutes mirror mission mistake mobile mode model mom moment money month months
mood moon mother motor mountain mouse mouth movie movies museum music musical name nation national nature
neck neighbor neighborhood network news newsletter noise north note novel number object occasion ocean
office officer oil online operator opinion option options orange organization origin outlet owner package
packages page pain pair pants paper parcel parent parents park parking part partner partners party passenger
passengers passport password past path patient pattern payment pen people percent perfect performance period
person personal pet phone photo picture piece pin pizza plane planet plant plate platform player point
points police policy pool population portal position possibility postcode pound power practice pregnancy
president price prices principle printer priority prison prize problem product products profile profit
program project property provider public purpose quality quantity queen query quest quote race radio rain
range rate rating reader reason receipt recipe recognition recommendation reference refrigerator region
relationship release rental rep representative reservation reservations residence resort resource response
restaurant restaurants reward rewards right risk river road rock role roof room rooms rose round route
router row rule rules safety salad salary sale sales salon sand sauce savings scene school science score
screen sea season seats section security seller sense sentence series server service services session
settings sex shape shipment shipping shirt shoe shoes shopping show shower side sight signal signature
silver singer single sister site size skill skin sky slip smart smile smoke snow society software solution
son song songs soul sound soup source south space speed sport sports spot square staff stage stamp standard
star station status steel step stock stomach stone storage store story stream street student studio study
stuff style subject subscription success sugar suit suite supervisor surface surgery survey system table
tablet target task tax taxi tea teacher team technology telephone television temperature term terms text
theater theatre theme theory therapy ticket tickets time times title tomato tone tool top topic total tour
tourist town toy track traffic train trains training transaction transportation tree trial trip trouble
truck tube tv uncle union unit university user username vacation value van variety vegetable vehicle version
video village visa visitor voice volume voucher wage wall war warehouse warranty water way weather web
website wedding week weekend weeks weight wheel wife wifi wind window wine winner woman women wood word
words world yard year years youth zip zone
"""
_ADJECTIVES = """
able accurate active actual additional affordable afraid airline alive alternative amazing ancient angry
annual anxious apparent appropriate automatic available average aware awesome awful bad bare basic beautiful
big black blank blind blue bold brief bright broken brown busy calm cheap chief chronic classic clean clear
clever cloudy cold comfortable common complete complex concerned confident confused constant cool correct
crazy critical curious current cute daily damaged dark dead deep delicious different difficult digital
direct dirty domestic dry due early easy eco electric elegant empty entire equal essential excellent exact
excited exciting expensive express extra fair false familiar famous fancy fast favorite favourite final
financial firm fixed flexible foreign formal free frequent fresh friendly frustrated fun funny general
gentle giant glad global golden grand gray green grey hard healthy heavy high historic hot huge hungry ideal
immediate important impossible impressive incorrect independent individual initial inner interested internal
international large late latest legal limited loud low loyal lucky mad major medical medium mental minor
missing modern monthly natural necessary negative nervous new normal northern obvious odd official old
ordinary original overall particular permanent physical pink plain plastic pleasant pleased poor popular
positive possible potential pretty previous primary prior private professional proper proud pure quick quiet
rare raw ready real recent red regular relevant reliable remote responsible rich rough round royal sad safe
secure senior separate serious severe shared sharp short sick silent similar simple slight slow small smooth
social soft solid southern spare special specific spicy standard steady strange strict strong sudden
suitable sunny super sweet tall technical temporary terrible thick thin tight tiny tired total tough
traditional true typical ugly unable unfortunate unhappy unique universal unknown upcoming upset urban
urgent useful usual valid valuable various vast vegan vegetarian vintage violent virtual visible vital warm
weak weekly weird western wet white wide wild wonderful worse worst worth wrong yellow yearly young
"""
_PLACES = """
africa african america american americas asia asian australia australian austria austrian belgium belgian
brazil brazilian britain british canada canadian caribbean china chinese cuba denmark danish dutch egypt
england english ethiopian europe european finland finnish france french german germany greece greek hindi
hungary india indian indonesia iran iraq ireland irish islam israel italian italy japan japanese jewish
kenya korea korean latin lebanese malaysia mediterranean mexican mexico moroccan netherlands nigeria norway
norwegian pakistan persian peru peruvian philippines poland polish portugal portuguese roman romania russia
russian saudi scotland scottish singapore spain spanish sweden swedish swiss switzerland taiwan thai
thailand turkey turkish ukraine uk usa u.s vietnam vietnamese wales welsh alabama alaska arizona arkansas
california colorado connecticut delaware florida hawaii idaho illinois indiana iowa kansas kentucky
louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
hampshire jersey york ohio oklahoma oregon pennsylvania rhode tennessee texas utah vermont washington
wisconsin wyoming amsterdam angeles anaheim antioch atlanta austin baltimore bangkok barcelona beijing
berkeley berlin boston brussels cairo chicago concord copenhagen cupertino dallas delhi denver detroit dubai
dublin edinburgh francisco frankfurt fremont fresno geneva hayward heathrow honolulu houston istanbul
jakarta jfk johannesburg jose livermore london los las lisbon madrid manchester manhattan melbourne miami
milan milwaukee minneapolis montreal moscow mumbai munich napa nashville oakland orleans orlando oslo ottawa
oxford palo alto paris petaluma philadelphia phoenix pittsburg pittsburgh portland prague rafael ramon rome
sacramento san santa seattle seoul shanghai stockholm sunnyvale sydney tokyo toronto vallejo vancouver vegas
venice vienna walnut warsaw zurich east west north south northeast northwest southeast southwest bay beach
city county downtown heights hills island islands lake mountain ocean pacific atlantic point river valley
village airport station
"""
_THINGS = """
ai api app atm ceo cfo dvd faq gps html http https id imax ios ip iphone ipad it json llm lte macbook pdf
php python sms sql tv uber url usb vip vpn wifi www xml android apple amazon facebook google gmail hotmail
instagram linkedin mastercard microsoft netflix outlook paypal samsung spotify twitter visa whatsapp windows
yahoo youtube wikipedia airbnb amex alexa siri nasa nba nfl fbi bbc cnn un eu nhs anime blues buddhist bible
christian country earth electronica fantasy folk gospel hiphop hop islamic jazz math mathematics metal
muslim opera pop punk rap reggae rnb rock romance sci scifi techno thriller
"""

_MORE = """
aboard absolutely academic academy acoustic adventure advertise aisle album alert alright amenity analysis
analyze android angel announce anthem apology apple appliance arena argument army arrival artificial
assemble assign assignment astronomy athlete athletic atmosphere atm audio audit autobiography awaken
bachelor backpack badge bake ballet banana bargain baseball basketball bass batch bean beauty beef believer
bell belt bench bible bill binary biography biology bird bistro blanket blender blood blossom bluetooth boil
bomb bond bookstore boutique bowl brain brake brave bridge brunch brush bucket buddy buffet bulb bundle
burger butter button buyer cafe calculus calendar calorie candidate candle candy canvas capacity capital
captain carbon career carpet carrot cartoon castle catering cathedral cave celebrate celebrity cello
centennial ceramic cereal ceremony certainly certificate chain champion character charger charity charm
cheese chef chemical chemistry cherry chess chill chocolate chrome cinnamon civil classical clause click
climate climb closet clue coast coconut collection comfort commercial commission committee companion compact
compose composer compound concept conclude conclusion conditioner connection consent consequence
conservation conserve construct consult consumer contrast contribution cookie cord corn cosmetic cotton
council courtesy cousin coverage craft cream creative creature credential crime crisis crop crowd crown
crystal cube cultural culture cup curriculum curse curve custom dairy dash dawn deck deluxe democracy demo
dental deposit derive desert deserve despite dessert detective dew dial diamond diet dimension dine diner
dining diploma dish disk dispatch diversity divide dolphin dome donation dose download dragon dream drill
drone drum duck dust dynamic eagle economics eggs elder elect electronic elementary elephant elite emotion
emperor empire encourage encryption endless enemy enquire enterprise enthusiasm equation equipment era erase
essay ethics evaluate everlasting evolution exam examine exclusive executive exotic explorer export
extension faith fahrenheit celsius fake fantastic farmer fast fate fear fiber fiction fighter finals finder
firefox firewall fitness flame flash flavor fleet flu fluid flute focus folk folder font footage forecast
forever formula fortune forum fountain frame freelance freemium freezer frequency fresh fridge frozen fry
furniture galaxy gallery gallon gamble gaming garage garlic gather gem gene generic genre gentleman
gentleman's geography geometry ghost glove glow goat god golf gourmet government governor grammar grape
graphic grave gravity greeting grill grocery guardian guilty gulf gun habit hack haiku hamburger hammer
handbook handle happiness hardware harmony harvest haunt hazard headphone headset healthcare heaven heel
helicopter helmet herb heritage hiking hip hire historical hockey honey honor hook horizon horse hose hostel
humor hunt hunter hybrid hygiene icon illness imagination immigration import impression include infant
infection inflation ingredient inspire inspiration instance instant instruct instrument integrate
intelligence interior interpret intro invention inventory iron isle ivory jam jar jean jeans jewelry joke
joint jungle junior jury justice karaoke kettle kit kitten knife knight lamp landlord landmark landscape
lasagna laser laugh launch laundry lava lawn layer leaf leather lecture legend lemon lens lion liquid
listing literature loan lobster logic logo loop lottery lover lumber lung luxury lyric machine magic magnet
mandarin manual maple marathon margin marine marketing marketplace mask mass mechanical mechanic medal
melody melt mentor merchant merry metropolitan microphone microwave midnight midtown military mineral mining
minimalist minimum ministry mint miracle mission mixer mod module monkey monster monument mortgage mosque
motel motion mouse mud multi multiply murder muscle mushroom mystery myth narrative native navigation needle
nerve nest neutral nightmare nightclub nope nuclear nurse nut nutrition oak observatory occupation oculus
onion orbit orchestra orchid organ organic original ounce oven owl oxygen pacific packet paint palace panel
pancake panda panic panther paradise paragraph parade parallel pasta paste patch payroll peace peak peanut
pearl peer penalty penguin pepper percentage perfume personality petite phase philosophy photograph phrase
physics piano pick picnic pie pilgrim pilot pine pipe pirate pixel plastic platinum plaza plot plug pocket
poem poet poetry politics pork port portable portfolio portrait poster potato pottery powder praise prayer
predict premium premiere presence prevention pride prince princess prior privacy producer programmer promo
promotion proof prophet protein protest province proxy psychology pub publisher pulse pump pumpkin purple
puzzle pyramid quantum quarter quest quiz rabbit radar rail railway rainbow ram rank rap rapid ratio
reaction reality rear rebate recap recent reception recharge recycle referee reform refresh refrigerate
regime regardless regret relax relevant relief religion rename renovate repeat representative republic
rescue research resist resolution respiratory resume retail retro reunion revenge revenue reverse revolution
rhythm ribbon rice ride rifle ring ritual rival robot rocket rodent rope rough routine rubber ruby rugby
ruin sacred sail sailing saint sandal sandwich satellite sauna savage savvy scale scandal scarf scary
scenario schema scholar scholarship scientist scoop scooter scope score scout script sculpture seafood
secret secretary seed segment self semester senate sensor sequel sequence shadow shampoo shark shelf shell
shelter shield shift shiny shock shoot shop shore shoulder shrimp shuttle sibling sidewalk silence silk
simulation singing sitcom skateboard skate ski skirt slave sleeve slice slide slim sneaker soap soccer solar
soldier solo someday sonic spa span spark speaker species spectrum speech spider spin spine spirit split
spoil sponsor spoon spray spreadsheet stability stadium stain stamp startup stationery statue steak steam
stem stereo sticker stone storm stove strategy stranger strawberry stretch strike string strip structure
struggle submarine suburb successful suffer suffice suicide sum summarize summary supper supreme surf
surprise surround survival suspect sustainable swap sweat sweater swim swimming sword syllable symbol
symphony syndrome synthetic syrup tail tank tap tape tattoo technique teen teenager telescope temple tennis
tension tent terminal terrain territory terror textbook thermal thermostat thread threat throne thunder tide
tie tiger timber timeline toast toilet token tone tooth toothbrush topic torch tornado touch tournament
toxic tractor tradition tragedy trail trailer trait transcript transform transit translation transport
transport trash treasure treatment treaty trend tribe tribute trigger trim triple tropical trunk truth
tuition tumor tune tunnel turbo turtle tutor tutorial twin twist tyre ultimate ultra umbrella unforgettable
uniform universe unlock utility vaccine vacuum valid vampire vault vector velocity vendor verb verse vest
victim victory viking violin virus vision vitamin vocal vocabulary volcano volunteer vote voucher waist
waiter wallet wallpaper warning warrior wealth weapon wellness whale wheat whip whistle wicked widget
wildlife willing winery wing wireless wisdom witch witness wizard wolf workout workshop worship yeah yep
yoga yogurt zebra zero zoo zoom observe recipe solid mouse compose describe pro plus basic premium standard
platinum silver bronze elite lite max mini deluxe starter credits points rewards terms faq refunds
"""

_ENDINGS = (
    "ing", "tion", "sion", "ment", "ness", "able", "ible", "ously", "ally", "fully", "ional",
    "ity", "less", "ful", "ous", "ology", "ological", "ization", "ship", "ward", "wards", "ically", "istic",
)  # fmt: skip
_STEMS = ("s", "es", "ed", "d", "ly", "er", "ers", "est", "r", "n't")
_STEM_LEAST = 3  # letters; shorter stems make almost any name ordinary
_ENDING_LEAST = 7  # letters of a word whose ending decides: "king" and "irving" are not verbs

_NAMES_TOO = "mark rose grant frank grace faith joy hope"
_LISTED = " ".join((_FUNCTION, _VERBS, _NOUNS, _ADJECTIVES, _PLACES, _THINGS, _MORE))
ORDINARY = frozenset(_LISTED.split()) - frozenset(_NAMES_TOO.split())


def is_ordinary(word: str) -> bool:
    """Whether a word in lower case is hardly a name.

    >>> is_ordinary("refunds"), is_ordinary("cancellations"), is_ordinary("quackenbush")
    (True, True, False)
    """
    if word in ORDINARY or len(word) < 2:
        return True
    word = word.replace("’", "'")
    if word in ORDINARY or (len(word) >= _ENDING_LEAST and word.endswith(_ENDINGS)):
        return True
    if word.endswith("ies") and word[:-3] + "y" in ORDINARY:
        return True
    return any(
        word.endswith(ending) and len(word) - len(ending) >= _STEM_LEAST and word[: -len(ending)] in ORDINARY
        for ending in _STEMS
    )
