CREATE TABLE pages (page text PRIMARY KEY, owner text NOT NULL, launched date NOT NULL);

INSERT INTO pages VALUES
  ('/', 'home', '2023-01-01'),
  ('/about', 'home', '2023-01-01'),
  ('/cart', 'sales', '2023-02-01'),
  ('/checkout', 'sales', '2023-02-01'),
  ('/checkout/address', 'sales', '2023-03-01'),
  ('/checkout/payment', 'sales', '2023-03-01'),
  ('/products', 'catalogue', '2023-01-15'),
  ('/products/canoes', 'catalogue', '2023-01-15'),
  ('/products/hammocks', 'catalogue', '2023-04-01'),
  ('/products/lanterns', 'catalogue', '2023-04-01'),
  ('/products/paddles', 'catalogue', '2023-04-01'),
  ('/products/tents', 'catalogue', '2023-05-01'),
  ('/search', 'catalogue', '2023-02-15'),
  ('/wishlist', 'sales', '2023-06-01');

