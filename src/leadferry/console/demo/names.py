"""Words that people, their work and their visits are invented from."""

FIRST_NAMES = (
    "Aiko", "Amara", "Anders", "Anna", "Aroha", "Beatriz", "Ben", "Carla", "Chidi", "Dana", "Elif", "Emil",
    "Farid", "Fiona", "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kofi", "Lara", "Leo", "Lin",
    "Luc", "Maja", "Marek", "Mia", "Naomi", "Noor", "Olga", "Omar", "Pavel", "Priya", "Quinn", "Rosa", "Sam",
    "Siobhán", "Sofia", "Tariq", "Tomáš", "Uma", "Viktor", "Wanda", "Yusuf", "Zoë",
)  # fmt: skip
LAST_NAMES = (
    "Abara", "Andersen", "Bakker", "Baranová", "Berg", "Castillo", "Chen", "Costa", "Dubois", "Eriksen",
    "Fischer", "Fontaine", "García", "Haddad", "Hansen", "Horvat", "Ito", "Jansen", "Kaya", "Keller", "Kim",
    "Kovač", "Lindqvist", "Lopez", "Łukasik", "Mbeki", "Meyer", "Moreau", "Müller", "Nakamura", "Nováková",
    "Nguyen", "O'Brien", "Okafor", "Olsen", "Patel", "Pereira", "Quist", "Rossi", "Santos", "Schmidt",
    "Singh", "Sørensen", "Tanaka", "Torres", "Ueda", "van Dijk", "Varga", "Weber", "Yılmaz",
)  # fmt: skip
JOBS = (
    "Accountant", "Architect", "Buyer", "Director of Operations", "Director of Sales", "Editor", "Engineer",
    "Founder", "Marketing Director", "Office Manager", "Product Owner", "Researcher", "Student", "Technician",
)  # fmt: skip
COMPANIES = (
    "Alder & Ash", "Bluebird Logistics", "Copper Kettle", "Delta Works", "Evergreen Dairy", "Foxglove Press",
    "Granite Foods", "Harbour Lights", "Ironbridge Tools", "Juniper Clinics", "Kestrel Air", "Lantern Media",
    "Millstone Bakery", "Northwind Sails", "Orchard Bank", "Pebble Toys", "Quarry Stone", "Riverside Hotels",
    "Saffron Kitchens", "Tidewater Energy", "Umber Paints", "Violet Optics", "Willow Furniture", "",
)  # fmt: skip
CITIES = (
    ("Aarhus", "Denmark"), ("Accra", "Ghana"), ("Auckland", "New Zealand"), ("Brno", "Czechia"),
    ("Chicago", "United States"), ("Dublin", "Ireland"), ("Graz", "Austria"), ("Kraków", "Poland"),
    ("Kyoto", "Japan"), ("Lyon", "France"), ("Montréal", "Canada"), ("Porto", "Portugal"),
    ("Pune", "India"), ("São Paulo", "Brazil"), ("Utrecht", "Netherlands"), ("Valencia", "Spain"),
)  # fmt: skip
LONGEST_CITY = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
"""A village on Anglesey: 58 letters, and the lead's City takes 40."""
MAIL_HOSTS = ("mail.example", "post.example", "freemail.example", "work.example")
TEMPERATURES = ("hot", "warm", "")
BLOG, PRICES, FORM = "/blog/harbour-news", "/pricing", "/demonstration"
PAGES = ("/", "/products", BLOG, PRICES, f"{PRICES}/teams", "/about")
