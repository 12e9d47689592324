/// The industry of a GICS sub-industry.
///
/// The Global Industry Classification Standard (MSCI and S&P Dow Jones Indices) puts each
/// sub-industry into one industry. The table has the structure in force since 2023-03-17 and, after
/// it, names of earlier editions that older files still carry.
enum IndustryClassification {
  /// Returns the industry, or nil for a name that the standard does not have.
  static func industry(ofSubIndustry name: String) -> String? { table[name] }

  private static let table: [String: String] = {
    var table: [String: String] = [:]
    for (industry, members) in industries {
      for member in members { table[member] = industry }
    }
    return table
  }()

  private static let industries: [(String, [String])] = [
    (
      "Energy Equipment & Services", ["Oil & Gas Drilling", "Oil & Gas Equipment & Services"]
    ),
    (
      "Oil, Gas & Consumable Fuels",
      [
        "Integrated Oil & Gas", "Oil & Gas Exploration & Production",
        "Oil & Gas Refining & Marketing", "Oil & Gas Storage & Transportation",
        "Coal & Consumable Fuels",
      ]
    ),
    (
      "Chemicals",
      [
        "Commodity Chemicals", "Diversified Chemicals", "Fertilizers & Agricultural Chemicals",
        "Industrial Gases", "Specialty Chemicals",
      ]
    ),
    ("Construction Materials", ["Construction Materials"]),
    (
      "Containers & Packaging",
      [
        "Metal, Glass & Plastic Containers", "Paper & Plastic Packaging Products & Materials",
        "Metal & Glass Containers", "Paper Packaging",
      ]
    ),
    (
      "Metals & Mining",
      [
        "Aluminum", "Diversified Metals & Mining", "Copper", "Gold", "Precious Metals & Minerals",
        "Silver", "Steel",
      ]
    ),
    ("Paper & Forest Products", ["Forest Products", "Paper Products"]),
    ("Aerospace & Defense", ["Aerospace & Defense"]),
    ("Building Products", ["Building Products"]),
    ("Construction & Engineering", ["Construction & Engineering"]),
    (
      "Electrical Equipment",
      ["Electrical Components & Equipment", "Heavy Electrical Equipment"]
    ),
    ("Industrial Conglomerates", ["Industrial Conglomerates"]),
    (
      "Machinery",
      [
        "Construction Machinery & Heavy Transportation Equipment",
        "Agricultural & Farm Machinery",
        "Industrial Machinery & Supplies & Components", "Industrial Machinery",
        "Construction Machinery & Heavy Trucks",
      ]
    ),
    ("Trading Companies & Distributors", ["Trading Companies & Distributors"]),
    (
      "Commercial Services & Supplies",
      [
        "Commercial Printing", "Environmental & Facilities Services",
        "Office Services & Supplies", "Diversified Support Services",
        "Security & Alarm Services",
      ]
    ),
    (
      "Professional Services",
      [
        "Human Resource & Employment Services", "Research & Consulting Services",
        "Data Processing & Outsourced Services",
      ]
    ),
    (
      "Air Freight & Logistics", ["Air Freight & Logistics"]
    ),
    ("Passenger Airlines", ["Passenger Airlines", "Airlines"]),
    ("Marine Transportation", ["Marine Transportation", "Marine"]),
    (
      "Ground Transportation",
      [
        "Rail Transportation", "Cargo Ground Transportation", "Passenger Ground Transportation",
        "Railroads", "Trucking",
      ]
    ),
    (
      "Transportation Infrastructure",
      ["Airport Services", "Highways & Railtracks", "Marine Ports & Services"]
    ),
    (
      "Automobile Components",
      ["Automotive Parts & Equipment", "Tires & Rubber", "Auto Parts & Equipment"]
    ),
    ("Automobiles", ["Automobile Manufacturers", "Motorcycle Manufacturers"]),
    (
      "Household Durables",
      [
        "Consumer Electronics", "Home Furnishings", "Homebuilding", "Household Appliances",
        "Housewares & Specialties",
      ]
    ),
    ("Leisure Products", ["Leisure Products"]),
    (
      "Textiles, Apparel & Luxury Goods",
      ["Apparel, Accessories & Luxury Goods", "Footwear", "Textiles"]
    ),
    (
      "Hotels, Restaurants & Leisure",
      ["Casinos & Gaming", "Hotels, Resorts & Cruise Lines", "Leisure Facilities", "Restaurants"]
    ),
    (
      "Diversified Consumer Services", ["Education Services", "Specialized Consumer Services"]
    ),
    ("Distributors", ["Distributors"]),
    (
      "Broadline Retail",
      [
        "Broadline Retail", "Internet & Direct Marketing Retail", "Department Stores",
      ]
    ),
    (
      "Specialty Retail",
      [
        "Apparel Retail", "Computer & Electronics Retail", "Home Improvement Retail",
        "Other Specialty Retail", "Automotive Retail", "Homefurnishing Retail",
        "Specialty Stores",
      ]
    ),
    (
      "Consumer Staples Distribution & Retail",
      [
        "Drug Retail", "Food Distributors", "Food Retail", "Consumer Staples Merchandise Retail",
        "Hypermarkets & Super Centers", "General Merchandise Stores",
      ]
    ),
    ("Beverages", ["Brewers", "Distillers & Vintners", "Soft Drinks & Non-alcoholic Beverages"]),
    (
      "Food Products",
      ["Agricultural Products & Services", "Packaged Foods & Meats", "Agricultural Products"]
    ),
    ("Tobacco", ["Tobacco"]),
    ("Household Products", ["Household Products"]),
    ("Personal Care Products", ["Personal Care Products", "Personal Products"]),
    ("Health Care Equipment & Supplies", ["Health Care Equipment", "Health Care Supplies"]),
    (
      "Health Care Providers & Services",
      [
        "Health Care Distributors", "Health Care Services", "Health Care Facilities",
        "Managed Health Care",
      ]
    ),
    ("Health Care Technology", ["Health Care Technology"]),
    ("Biotechnology", ["Biotechnology"]),
    ("Pharmaceuticals", ["Pharmaceuticals"]),
    ("Life Sciences Tools & Services", ["Life Sciences Tools & Services"]),
    ("Banks", ["Diversified Banks", "Regional Banks", "Banks"]),
    (
      "Financial Services",
      [
        "Diversified Financial Services", "Multi-Sector Holdings", "Specialized Finance",
        "Commercial & Residential Mortgage Finance", "Transaction & Payment Processing Services",
        "Thrifts & Mortgage Finance",
      ]
    ),
    ("Consumer Finance", ["Consumer Finance"]),
    (
      "Capital Markets",
      [
        "Asset Management & Custody Banks", "Investment Banking & Brokerage",
        "Diversified Capital Markets", "Financial Exchanges & Data",
      ]
    ),
    ("Mortgage Real Estate Investment Trusts (REITs)", ["Mortgage REITs"]),
    (
      "Insurance",
      [
        "Insurance Brokers", "Life & Health Insurance", "Multi-line Insurance",
        "Property & Casualty Insurance", "Reinsurance",
      ]
    ),
    (
      "IT Services",
      [
        "IT Consulting & Other Services", "Internet Services & Infrastructure",
      ]
    ),
    ("Software", ["Application Software", "Systems Software"]),
    ("Communications Equipment", ["Communications Equipment"]),
    (
      "Technology Hardware, Storage & Peripherals", ["Technology Hardware, Storage & Peripherals"]
    ),
    (
      "Electronic Equipment, Instruments & Components",
      [
        "Electronic Equipment & Instruments", "Electronic Components",
        "Electronic Manufacturing Services", "Technology Distributors",
      ]
    ),
    (
      "Semiconductors & Semiconductor Equipment",
      [
        "Semiconductor Materials & Equipment", "Semiconductors", "Semiconductor Equipment",
      ]
    ),
    (
      "Diversified Telecommunication Services",
      ["Alternative Carriers", "Integrated Telecommunication Services"]
    ),
    ("Wireless Telecommunication Services", ["Wireless Telecommunication Services"]),
    (
      "Media",
      ["Advertising", "Broadcasting", "Cable & Satellite", "Publishing"]
    ),
    (
      "Entertainment",
      [
        "Movies & Entertainment", "Interactive Home Entertainment", "Home Entertainment Software",
      ]
    ),
    ("Interactive Media & Services", ["Interactive Media & Services"]),
    ("Electric Utilities", ["Electric Utilities"]),
    ("Gas Utilities", ["Gas Utilities"]),
    ("Multi-Utilities", ["Multi-Utilities"]),
    ("Water Utilities", ["Water Utilities"]),
    (
      "Independent Power and Renewable Electricity Producers",
      [
        "Independent Power Producers & Energy Traders", "Renewable Electricity",
      ]
    ),
    ("Diversified REITs", ["Diversified REITs"]),
    ("Industrial REITs", ["Industrial REITs"]),
    ("Hotel & Resort REITs", ["Hotel & Resort REITs"]),
    ("Office REITs", ["Office REITs"]),
    ("Health Care REITs", ["Health Care REITs"]),
    (
      "Residential REITs",
      ["Multi-Family Residential REITs", "Single-Family Residential REITs", "Residential REITs"]
    ),
    ("Retail REITs", ["Retail REITs"]),
    (
      "Specialized REITs",
      [
        "Other Specialized REITs", "Self-Storage REITs", "Telecom Tower REITs", "Timber REITs",
        "Data Center REITs", "Specialized REITs",
      ]
    ),
    (
      "Real Estate Management & Development",
      [
        "Diversified Real Estate Activities", "Real Estate Operating Companies",
        "Real Estate Development", "Real Estate Services",
      ]
    ),
  ]
}
