resource "terraform_data" "database" {
  input = "shop"
}

resource "terraform_data" "queue" {
  input = "orders"
}
